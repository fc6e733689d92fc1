package dev.pagewalk.mmu.walk;

import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import java.util.Objects;

/**
 * The shape of a page-walk cache, which is fully associative.
 *
 * @param entries 0 (none) to 1024
 * @param replacement which entry of a full cache is replaced
 * @param latencyCycles what consulting it adds to each walk, 0 or more
 * @param addressFlushDropsTables whether a fence that names an address also drops the tables on the way to it. The manual
 *     asks for leaf entries only; Rocket's walker clears its cache for rs1 = x0 alone
 */
public record WalkCacheParameters(
        int entries, ReplacementPolicy replacement, int latencyCycles, boolean addressFlushDropsTables) {
    /** No page-walk cache: each walk starts at the root. */
    public static final WalkCacheParameters NONE = new WalkCacheParameters(0, ReplacementPolicy.FIFO, 0, true);

    private static final int MOST_ENTRIES = 1024;

    /** @throws IllegalArgumentException naming the figure that is out of range */
    public WalkCacheParameters {
        Objects.requireNonNull(replacement, "replacement");
        if (entries < 0 || entries > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "a page-walk cache has 0 to " + MOST_ENTRIES + " entries, not " + entries);
        }
        if (latencyCycles < 0) {
            throw new IllegalArgumentException("a page-walk cache's latency cannot be " + latencyCycles + " cycles");
        }
        if (entries == 0 && latencyCycles != 0) {
            throw new IllegalArgumentException("a page-walk cache without entries has no latency");
        }
    }
}
