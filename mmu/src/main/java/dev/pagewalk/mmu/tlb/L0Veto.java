package dev.pagewalk.mmu.tlb;

import dev.pagewalk.mmu.access.AccessType;

/** Keeps pages out of the L0 filters whose accesses somebody has to see one by one; no statistic can tell. */
public interface L0Veto {
    boolean forbids(long virtualAddress, AccessType type);
}
