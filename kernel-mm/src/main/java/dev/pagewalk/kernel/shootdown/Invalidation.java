package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.tlb.TlbFlush;

/** How a hart carries out a fence: between the shootdowns and the MMU, so that a test can put mistakes there. */
@FunctionalInterface
public interface Invalidation {
    /**
     * Takes what a fence names out of a hart's TLBs and walk cache. What it costs has been charged already.
     *
     * @param nowCycle when it takes effect
     */
    void flush(Hart hart, TlbFlush flush, long nowCycle);
}
