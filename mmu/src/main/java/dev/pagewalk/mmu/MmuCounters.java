package dev.pagewalk.mmu;

/**
 * One hart's translation statistics since its start. Hits are accesses minus misses.
 *
 * @param instructionAccesses one per instruction, two where it crosses a page
 * @param l2Accesses lookups after an L1 miss; 0 without an L2
 * @param walks page-table walks, those that failed or only set D included
 * @param walkReads PTEs that walks read from memory
 */
public record MmuCounters(
        long instructionAccesses,
        long instructionMisses,
        long dataAccesses,
        long dataMisses,
        long l2Accesses,
        long l2Misses,
        long walks,
        long walkReads) {
    /** The sums of two harts' statistics. */
    public MmuCounters plus(MmuCounters other) {
        return new MmuCounters(
                instructionAccesses + other.instructionAccesses,
                instructionMisses + other.instructionMisses,
                dataAccesses + other.dataAccesses,
                dataMisses + other.dataMisses,
                l2Accesses + other.l2Accesses,
                l2Misses + other.l2Misses,
                walks + other.walks,
                walkReads + other.walkReads);
    }
}
