package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Gives ASIDs to address spaces that harts load, generation by generation. ASID 0 is the kernel's. No ASID is ever given
 * back: when none is left, a roll-over begins a new generation, in which only the spaces that harts have loaded keep
 * theirs, and every hart flushes everything before it loads another space.
 *
 * <p>Where there may be fewer ASIDs than harts + 1, all spaces share ASID 1, and harts flush it at every switch.
 *
 * <p>Source: Linux, arch/arm64/mm/context.c and arch/riscv/mm/context.c.
 */
public final class AsidAllocator implements Snapshotable {
    /** RISC-V has room for so many bits. */
    public static final int MOST_BITS = 16;

    static final int KERNEL_ASID = 0;
    private static final int FIRST_ASID = 1;

    private final int count;
    private final boolean shared;
    private final BitSet used = new BitSet();
    /** By ASID; null where it is free or its space is retired. */
    private final List<SpaceTranslations> owners = new ArrayList<>();

    private long generation = 1;
    private int last = KERNEL_ASID;

    /**
     * @param bits 1 to 16
     * @param harts 1 to 64
     */
    AsidAllocator(int bits, int harts) {
        if (bits < 1 || bits > MOST_BITS) {
            throw new IllegalArgumentException("ASIDs have 1 to 16 bits, not " + bits);
        }
        this.count = 1 << bits;
        this.shared = count < harts + 2;
        used.set(KERNEL_ASID);
    }

    /** Whether all spaces share one ASID. */
    boolean isShared() {
        return shared;
    }

    /** How often roll-over has begun a new generation, counted from 1. */
    public long generation() {
        return generation;
    }

    /** Whether a space may be used under the ASID that it has. */
    boolean isCurrent(SpaceTranslations space) {
        return space.asidGeneration() == generation;
    }

    /** Whether one is free in this generation. */
    boolean hasFree() {
        return shared || nextFree() < count;
    }

    /** Gives a space an ASID of this generation, of which one is free. */
    void assign(SpaceTranslations space) {
        if (shared) {
            space.giveAsid(FIRST_ASID, generation);
            return;
        }
        int asid = nextFree();
        if (asid >= count) {
            throw new IllegalStateException("no ASID is free: a roll-over is due");
        }
        last = asid;
        own(asid, space);
        space.giveAsid(asid, generation);
    }

    private int nextFree() {
        int asid = used.nextClearBit(last + 1);
        return asid < count ? asid : used.nextClearBit(FIRST_ASID);
    }

    /** Roll-over: all ASIDs are free again, but for those that are kept. */
    void beginGeneration() {
        generation++;
        used.clear();
        used.set(KERNEL_ASID);
        owners.clear();
        last = KERNEL_ASID;
    }

    /** A space that a hart has loaded keeps its ASID in the generation that has just begun. */
    void keep(SpaceTranslations space) {
        own(space.asid(), space);
        space.keepAsid(generation);
    }

    private void own(int asid, SpaceTranslations space) {
        used.set(asid);
        while (owners.size() <= asid) {
            owners.add(null);
        }
        owners.set(asid, space);
    }

    /** A space's ASID waits for roll-over. */
    void retire(SpaceTranslations space) {
        if (owner(space.asid()) == space) {
            owners.set(space.asid(), null);
        }
    }

    /** The space that has an ASID in this generation; null where there is none any more. Of no use where it is shared. */
    SpaceTranslations owner(int asid) {
        return asid < owners.size() ? owners.get(asid) : null;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(generation);
        out.writeInt(last);
        byte[] bits = used.toByteArray();
        out.writeInt(bits.length);
        out.write(bits);
    }

    /** Who owns which ASID comes from {@link #restoreOwner}. */
    @Override
    public void restore(ByteArrayDataInput in) {
        generation = in.readLong();
        last = in.readInt();
        byte[] bits = new byte[in.readInt()];
        in.readFully(bits);
        used.clear();
        used.or(BitSet.valueOf(bits));
        owners.clear();
    }

    void restoreOwner(SpaceTranslations space) {
        if (!shared && isCurrent(space) && !space.isRetired()) {
            own(space.asid(), space);
        }
    }
}
