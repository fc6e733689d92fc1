package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.mmu.tlb.L0Bank;

/**
 * What all regions of a machine have in common.
 *
 * @param writesStamps whether an access that hits the L0 filter has to stamp its TLB entry
 * @param loads the L0 filters of all harts
 * @param stores the L0 filters of all harts
 */
record RegionTraits(boolean writesStamps, L0Bank loads, L0Bank stores) {}
