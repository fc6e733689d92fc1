package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.mmu.tlb.TlbFlush;

/** Tells two observers what one is told. */
record TwoObservers(InvalidationObserver first, InvalidationObserver second) implements InvalidationObserver {
    @Override
    public void issued(Shootdown shootdown) {
        first.issued(shootdown);
        second.issued(shootdown);
    }

    @Override
    public void told(Shootdown shootdown, int hartId, Telling how) {
        first.told(shootdown, hartId, how);
        second.told(shootdown, hartId, how);
    }

    @Override
    public void acknowledged(Shootdown shootdown, int hartId, long cycle) {
        first.acknowledged(shootdown, hartId, cycle);
        second.acknowledged(shootdown, hartId, cycle);
    }

    @Override
    public void completed(Shootdown shootdown, long cycle) {
        first.completed(shootdown, cycle);
        second.completed(shootdown, cycle);
    }

    @Override
    public void flushTakes(int hartId, FlushAction action, int lengthPages, long fromCycle, long toCycle) {
        first.flushTakes(hartId, action, lengthPages, fromCycle, toCycle);
        second.flushTakes(hartId, action, lengthPages, fromCycle, toCycle);
    }

    @Override
    public void flushed(int hartId, TlbFlush flush, long cycle) {
        first.flushed(hartId, flush, cycle);
        second.flushed(hartId, flush, cycle);
    }
}
