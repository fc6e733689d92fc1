package dev.pagewalk.mmu.tlb;

import java.util.Objects;

/**
 * The shape of one TLB.
 *
 * @param entries 1 to 65,536
 * @param ways entries in a set; equal to {@code entries} means fully associative. The number of sets is a power of two
 * @param latencyCycles what a lookup adds to an access, 0 or more
 * @param replacement which way of a full set is replaced
 */
public record TlbGeometry(int entries, int ways, int latencyCycles, ReplacementPolicy replacement) {
    private static final int MOST_ENTRIES = 1 << 16;

    /** @throws IllegalArgumentException naming the figure that is out of range */
    public TlbGeometry {
        Objects.requireNonNull(replacement, "replacement");
        if (entries < 1 || entries > MOST_ENTRIES) {
            throw new IllegalArgumentException("a TLB has 1 to " + MOST_ENTRIES + " entries, not " + entries);
        }
        if (ways < 1 || ways > entries || entries % ways != 0 || Integer.bitCount(entries / ways) != 1) {
            throw new IllegalArgumentException("a TLB of " + entries + " entries cannot have " + ways
                    + " ways: entries / ways must be a power of two");
        }
        if (latencyCycles < 0) {
            throw new IllegalArgumentException("a TLB's latency cannot be " + latencyCycles + " cycles");
        }
    }

    public static TlbGeometry fullyAssociative(int entries, int latencyCycles, ReplacementPolicy replacement) {
        return new TlbGeometry(entries, entries, latencyCycles, replacement);
    }

    public int sets() {
        return entries / ways;
    }
}
