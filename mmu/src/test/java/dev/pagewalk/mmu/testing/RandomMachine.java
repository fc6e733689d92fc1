package dev.pagewalk.mmu.testing;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.Arrays;
import java.util.Random;

/**
 * A seeded source of what may happen to an MMU: accesses by a working set, fences, switches and edits of page tables.
 *
 * <p>Two of the same seed, on memories of their own, say and do the same.
 */
public final class RandomMachine {
    private static final int SPACES = 4;
    private static final long MIB_2 = 2 << 20;
    private static final long GIB = 1 << 30;
    /** The tables lie below; no leaf of 4 KiB or 2 MiB maps one. */
    private static final long FRAMES_OFFSET = 16 << 20;

    private static final int FRAMES = 16 << 8;

    public final Random random;
    public final PhysicalMemory memory;
    private final TestPageTables tables;
    private final long[] roots = new long[SPACES];
    private final long[] working = new long[24];

    public RandomMachine(PagingMode mode, long seed) {
        this.random = new Random(seed);
        this.memory = new PhysicalMemory(32 << 20);
        this.tables = new TestPageTables(memory, mode);
        for (int space = 0; space < SPACES; space++) {
            roots[space] = tables.newTable();
        }
        for (int space = 0; space < SPACES; space++) {
            for (int edit = 0; edit < 200; edit++) {
                editPte(roots[space]);
            }
        }
        for (int index = 0; index < working.length; index++) {
            working[index] = anyAddress();
        }
    }

    public long root(int space) {
        return roots[space];
    }

    /** Two spaces share an ASID, as a kernel's mistake might have it. */
    public static int asid(int space) {
        return space == 3 ? 2 : space;
    }

    public int anySpace() {
        return random.nextInt(SPACES);
    }

    public AccessType anyType() {
        return AccessType.values()[random.nextInt(3)];
    }

    /** Mostly one of a slowly changing working set. */
    public long nextAddress() {
        int index = random.nextInt(working.length);
        if (random.nextInt(20) == 0) {
            working[index] = anyAddress();
        }
        long offset = random.nextInt(512) * 8L;
        return random.nextInt(200) == 0 ? Long.MIN_VALUE : working[index] + offset;
    }

    /** In one of 64 small pages in two regions, or in one of a few larger ones. */
    private long anyAddress() {
        return switch (random.nextInt(8)) {
            case 0 -> 2 * GIB + random.nextInt(3) * GIB + random.nextInt(8) * 4096L;
            case 1, 2 -> 3 * MIB_2 + random.nextInt(6) * MIB_2 + random.nextInt(300) * 4096L;
            default -> random.nextInt(2) * MIB_2 + random.nextInt(32) * 4096L;
        };
    }

    public TlbFlush anyFlush() {
        int asid = random.nextInt(3);
        return switch (random.nextInt(8)) {
            case 0 -> TlbFlush.all();
            case 1 -> TlbFlush.ofAsid(asid);
            case 2, 3 -> TlbFlush.address(anyAddress());
            case 4, 5 -> TlbFlush.address(anyAddress(), asid);
            case 6 -> TlbFlush.range(anyAddress(), 4096L * (1 + random.nextInt(40)), TlbFlush.EVERY_ASID);
            default -> TlbFlush.range(anyAddress(), 4096L * (1 + random.nextInt(700)), asid);
        };
    }

    public void editAnyPte() {
        editPte(roots[anySpace()]);
    }

    /** A leaf of any size with any rights, now and then something broken. */
    private void editPte(long root) {
        long va = anyAddress();
        int level = va >= 2 * GIB ? 2 : va >= 3 * MIB_2 ? 1 : 0;
        if (random.nextInt(6) == 0 && level < 2) {
            level++;
        }
        if (random.nextInt(6) == 0 && level > 0) {
            level--;
        }
        long size = PagingMode.pageSizeBytes(level);
        long frame = (PhysicalMemory.RAM_BASE + FRAMES_OFFSET + random.nextInt(FRAMES) * 4096L) & -size;
        long flags = Pte.R | Pte.U;
        flags |= random.nextInt(3) > 0 ? Pte.W : 0;
        flags |= random.nextBoolean() ? Pte.X : 0;
        flags |= random.nextInt(6) == 0 ? Pte.G : 0;
        flags |= random.nextInt(3) > 0 ? Pte.A : 0;
        flags |= random.nextBoolean() ? Pte.D : 0;
        flags |= random.nextInt(12) == 0 ? 2L << Pte.PBMT_SHIFT : 0;
        long pte = Pte.leaf(frame, flags);
        switch (random.nextInt(24)) {
            case 0 -> pte = 0;
            case 1 -> pte ^= Pte.U;
            case 2 -> pte |= Pte.N;
            case 3 -> pte = Pte.table(0x1000);
            default -> {
                // A good leaf.
            }
        }
        tables.put(root, va, level, pte);
    }

    /** Makes pointers on the way to an address global or not. */
    public void toggleGlobalPointer() {
        long root = roots[anySpace()];
        long va = anyAddress();
        long pte = tables.get(root, va, 1);
        if (Pte.isValid(pte) && !Pte.isLeaf(pte)) {
            tables.put(root, va, 1, pte ^ Pte.G);
        }
    }

    /** Any frame that a leaf may map. */
    public long anyFrame() {
        return PhysicalMemory.RAM_BASE + FRAMES_OFFSET + random.nextInt(FRAMES) * 4096L;
    }

    /** Of all bytes of RAM that are not zero, and their places. */
    public long memoryHash() {
        long[] hash = {1};
        memory.forEachNonZeroFrame((frame, chunk, offset) ->
                hash[0] = hash[0] * 31 + frame + Arrays.hashCode(Arrays.copyOfRange(chunk, offset, offset + 4096)));
        return hash[0];
    }
}
