package dev.pagewalk.mmu.tlb;

import java.util.Arrays;

/**
 * The lines of several {@link L0Filter}s of one kind, those of each behind those of the one before. So translated code has the same
 * arrays for all harts, as constants, and only their beginning differs.
 *
 * <p>What each array holds by line stands in {@link L0Filter}.
 */
public final class L0Bank {
    static final long EMPTY = -1;

    public final long[] tags;
    public final byte[][] chunks;
    public final int[] places;
    public final int[] addends;
    public final long[] frames;

    /** @param filters how many there are; their number is rounded up to a power of two, so that a line can be masked */
    public L0Bank(int filters) {
        int lines = L0Filter.LINES * (Integer.highestOneBit(filters * 2 - 1));
        tags = new long[lines];
        chunks = new byte[lines][];
        places = new int[lines];
        addends = new int[lines];
        frames = new long[lines];
        Arrays.fill(tags, EMPTY);
    }

    /** The lines of all filters, a power of two. */
    public int lines() {
        return tags.length;
    }
}
