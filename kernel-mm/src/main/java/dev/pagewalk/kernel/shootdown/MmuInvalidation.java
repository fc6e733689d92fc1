package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.tlb.TlbFlush;

/** Fences reach the hart's MMU as they are. */
public final class MmuInvalidation implements Invalidation {
    private InvalidationObserver observer = InvalidationObserver.NONE;

    /** Names who is told of each fence. */
    public void setObserver(InvalidationObserver newObserver) {
        this.observer = newObserver;
    }

    @Override
    public void flush(Hart hart, TlbFlush flush, long nowCycle) {
        hart.mmu().flush(flush);
        observer.flushed(hart.id(), flush, nowCycle);
    }
}
