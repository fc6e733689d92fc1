package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.mmu.tlb.L0Bank;

/**
 * How regions are emitted; most of it is the same for all of a machine.
 *
 * @param writesStamps whether an access that hits the L0 filter has to stamp its TLB entry
 * @param keepsLoopsInRegisters whether what a loop uses is not live across its slow calls, so that HotSpot keeps it in host registers;
 *     this takes many bytes
 * @param loads the L0 filters of all harts
 * @param stores the L0 filters of all harts
 */
record RegionTraits(boolean writesStamps, boolean keepsLoopsInRegisters, L0Bank loads, L0Bank stores) {
    RegionTraits smaller() {
        return new RegionTraits(writesStamps, false, loads, stores);
    }
}
