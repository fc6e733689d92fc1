package dev.pagewalk.mmu.conformance;

import dev.pagewalk.mmu.conformance.ManualWalker.Scheme;
import java.util.SplittableRandom;

/**
 * Page tables without a plan: every word of RAM is some PTE, and most of them point to another frame of RAM.
 *
 * <p>So every address leads somewhere, a frame serves at several levels at once, tables point to themselves, and a walk that
 * sets A may change the very tables it came through.
 */
final class RandomTables {
    private static final int FRAME_BYTES = 4096;
    private static final long LARGEST_FRAME = (1L << 44) - 1;

    private final SplittableRandom random;
    private final Scheme scheme;
    private final long ramBase;
    private final int frames;

    RandomTables(SplittableRandom random, Scheme scheme, long ramBase, int ramBytes) {
        this.random = random;
        this.scheme = scheme;
        this.ramBase = ramBase;
        this.frames = ramBytes / FRAME_BYTES;
    }

    /** A frame number: nearly always one of RAM. */
    long anyRoot() {
        return random.nextInt(100) == 0 ? anyForeignFrame() : anyRamFrame();
    }

    /** Canonical in 31 of 32 cases, else with one or all of the bits above its width at random. */
    long anyAddress() {
        int unused = 64 - scheme.addressBits;
        long canonical = random.nextLong() << unused >> unused;
        return switch (random.nextInt(64)) {
            case 0 -> canonical ^ 1L << scheme.addressBits - 1 + random.nextInt(unused + 1);
            case 1 -> random.nextLong();
            default -> canonical;
        };
    }

    long anyPte() {
        int kind = random.nextInt(100);
        if (kind < 58) {
            return pointer(anyRamFrame());
        } else if (kind < 60) {
            return pointer(anyForeignFrame());
        } else if (kind < 88) {
            return leaf();
        } else if (kind < 96) {
            long good = random.nextBoolean() ? pointer(anyRamFrame()) : leaf();
            return good ^ 1L << random.nextInt(64);
        } else if (kind < 98) {
            return random.nextLong();
        }
        return random.nextLong() & ~1L;
    }

    /** Bits V, sometimes G, and what software may keep in bits 9 and 8. */
    private long pointer(long frame) {
        return frame << 10 | random.nextLong(4) << 8 | (random.nextInt(16) == 0 ? 1L << 5 : 0) | 1;
    }

    /** Aligned for some level, with the encodings of R, W and X that are not reserved and mostly with U and A. */
    private long leaf() {
        int alignedBits = 9 * random.nextInt(scheme.levels);
        long frame = random.nextLong() & LARGEST_FRAME & -1L << alignedBits;
        long[] rights = {0b001, 0b011, 0b100, 0b101, 0b111, 0b111};
        long pte = frame << 10 | rights[random.nextInt(rights.length)] << 1 | 1;
        pte |= random.nextInt(8) > 0 ? 1L << 4 : 0;
        pte |= random.nextInt(8) == 0 ? 1L << 5 : 0;
        pte |= random.nextInt(4) > 0 ? 1L << 6 : 0;
        pte |= random.nextBoolean() ? 1L << 7 : 0;
        pte |= random.nextLong(4) << 8;
        pte |= random.nextInt(4) == 0 ? random.nextLong(3) << 61 : 0;
        return pte;
    }

    private long anyRamFrame() {
        return ramBase / FRAME_BYTES + random.nextInt(frames);
    }

    /** Just below RAM, just behind it, the ends of the physical address space, or anywhere. */
    private long anyForeignFrame() {
        long first = ramBase / FRAME_BYTES;
        return switch (random.nextInt(5)) {
            case 0 -> first - 1;
            case 1 -> first + frames;
            case 2 -> 0;
            case 3 -> LARGEST_FRAME;
            default -> random.nextLong() & LARGEST_FRAME;
        };
    }
}
