package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.mmu.tlb.TlbFlush;

/**
 * Takes translations out of the TLBs of the hart that has changed them.
 *
 * <p>Up to {@link #RANGE_CEILING_PAGES} pages are flushed one by one, more by a flush of the whole ASID: Linux,
 * arch/riscv/mm/tlbflush.c, {@code tlb_flush_all_threshold}.
 */
public final class LocalInvalidation implements Invalidation {
    static final int RANGE_CEILING_PAGES = 64;

    private final CostMeter meter;
    private InvalidationObserver observer = InvalidationObserver.NONE;

    public LocalInvalidation(CostMeter meter) {
        this.meter = meter;
    }

    /** Names who is told how operations get on. */
    public void setObserver(InvalidationObserver observer) {
        this.observer = observer;
    }

    @Override
    public InvalidationObserver observer() {
        return observer;
    }

    @Override
    public void flushPage(int asid, long virtualAddress) {
        flush(TlbFlush.address(virtualAddress, asid));
        meter.tlbFlushPages(1);
    }

    @Override
    public void flushSpace(int asid) {
        flush(TlbFlush.ofAsid(asid));
        meter.tlbFlushAll();
    }

    private void flush(TlbFlush flush) {
        Hart hart = meter.hart();
        // While the machine boots no hart has run, so none can have cached anything.
        if (hart != null) {
            hart.mmu().flush(flush);
            observer.flushed(hart.id(), flush);
        }
    }
}
