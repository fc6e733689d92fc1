package dev.pagewalk.mmu;

import dev.pagewalk.mmu.tlb.L0Filter;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import java.util.Objects;

/**
 * What one core's MMU consists of and costs: the part of a timing profile that this module understands.
 *
 * @param l1Instruction the first-level TLB for fetches, at most 2048 entries; its latency is 0, a hit being part of the
 *     instruction's own cycles
 * @param l1Data the same for loads and stores
 * @param l2 the unified second level, or null where there is none
 * @param walkCache the page-walk cache, {@link WalkCacheParameters#NONE} where there is none
 * @param pteReadCycles cost of each PTE that a walk reads, 0 or more
 * @param pteUpdateCycles cost of setting A or D in memory, 0 or more
 * @param hardwareUpdatesAccessedDirty true: A and D are set by the walker (Svadu); false: by a page fault (Svade)
 */
public record MmuParameters(
        TlbGeometry l1Instruction,
        TlbGeometry l1Data,
        TlbGeometry l2,
        WalkCacheParameters walkCache,
        int pteReadCycles,
        int pteUpdateCycles,
        boolean hardwareUpdatesAccessedDirty) {
    /** @throws IllegalArgumentException naming the figure that is out of range */
    public MmuParameters {
        checkFirstLevel("instruction", l1Instruction);
        checkFirstLevel("data", l1Data);
        Objects.requireNonNull(walkCache, "walkCache");
        if (pteReadCycles < 0 || pteUpdateCycles < 0) {
            throw new IllegalArgumentException(
                    "a PTE access cannot cost " + Math.min(pteReadCycles, pteUpdateCycles) + " cycles");
        }
    }

    private static void checkFirstLevel(String name, TlbGeometry geometry) {
        if (geometry.entries() > L0Filter.MOST_ENTRIES) {
            throw new IllegalArgumentException("the L1 " + name + " TLB has at most " + L0Filter.MOST_ENTRIES
                    + " entries, not " + geometry.entries());
        }
        if (geometry.latencyCycles() != 0) {
            throw new IllegalArgumentException("the L1 " + name + " TLB's latency must be 0, not "
                    + geometry.latencyCycles() + " cycles: a hit is part of the instruction");
        }
    }
}
