package dev.pagewalk.kernel.testing;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;

/** Fences with the mistakes that kernels make, each in front of the right one. */
public final class BrokenInvalidation {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;

    private BrokenInvalidation() {}

    /** Fences of whole spaces are right. */
    private static Invalidation ofPages(Invalidation right, LongPredicate isFlushed, long offset, long mask) {
        return (hart, flush, now) -> {
            if (flush.everyAddress()) {
                right.flush(hart, flush, now);
            } else if (isFlushed.test(flush.startAddress())) {
                right.flush(hart, TlbFlush.address((flush.startAddress() & mask) + offset, flush.asid()), now);
            }
        };
    }

    /** Forgets to flush. */
    public static Invalidation none(Invalidation right) {
        return (hart, flush, now) -> {};
    }

    /** Forgets to flush on all harts but the first one, which all answer nevertheless. */
    public static Invalidation onFirstHartOnly(Invalidation right) {
        return (hart, flush, now) -> {
            if (hart.id() == 0) {
                right.flush(hart, flush, now);
            }
        };
    }

    /** Forgets to flush where all ASIDs are to be given out anew. */
    public static Invalidation exceptEveryAsid(Invalidation right) {
        return (hart, flush, now) -> {
            if (flush.asid() != TlbFlush.EVERY_ASID) {
                right.flush(hart, flush, now);
            }
        };
    }

    /** Flushes another address space. */
    public static Invalidation ofAnotherAsid(Invalidation right) {
        return (hart, flush, now) -> {
            if (flush.asid() == TlbFlush.EVERY_ASID) {
                right.flush(hart, flush, now);
            } else {
                TlbFlush other =
                        new TlbFlush(flush.everyAddress(), flush.startAddress(), flush.lengthBytes(), flush.asid() + 1);
                right.flush(hart, other, now);
            }
        };
    }

    /** Flushes the next page. */
    public static Invalidation ofAnotherPage(Invalidation right) {
        return ofPages(right, page -> true, PAGE, -PAGE);
    }

    /** Lets each flush wait until the next one is asked for: the frames are free by then. */
    public static Invalidation oneLate(Invalidation right) {
        return new Invalidation() {
            private Runnable waiting = () -> {};

            @Override
            public void flush(Hart hart, TlbFlush flush, long nowCycle) {
                waiting.run();
                waiting = () -> right.flush(hart, flush, nowCycle);
            }
        };
    }

    /** Flushes every address of a space, where pointers in walk caches ask for a flush of the space itself. */
    public static Invalidation byAddressOnly(Invalidation right) {
        return (hart, flush, now) ->
                right.flush(hart, flush.everyAddress() ? TlbFlush.range(0, 1L << 47, flush.asid()) : flush, now);
    }

    /** Forgets some pages where they are flushed one by one. */
    public static Invalidation exceptPages(Invalidation right, LongPredicate forgotten) {
        return ofPages(right, forgotten.negate(), 0, -PAGE);
    }

    /** Forgets to flush where a whole space is to be flushed. */
    public static Invalidation exceptSpaces(Invalidation right) {
        return (hart, flush, now) -> {
            if (!flush.everyAddress()) {
                right.flush(hart, flush, now);
            }
        };
    }

    /** Flushes a page from the L2 only. */
    public static Invalidation exceptFirstLevel(Invalidation right) {
        return (hart, flush, now) -> {
            if (flush.everyAddress()) {
                right.flush(hart, flush, now);
            } else {
                hart.mmu().l2().flush(flush);
            }
        };
    }

    /** Flushes a page from the first level's TLBs only. */
    public static Invalidation exceptSecondLevel(Invalidation right) {
        return (hart, flush, now) -> {
            if (flush.everyAddress()) {
                right.flush(hart, flush, now);
            } else {
                hart.mmu().instructionTlb().flush(flush);
                hart.mmu().dataTlb().flush(flush);
            }
        };
    }

    /** Flushes the first 4 KiB of the 2 MiB that a page lies in: right for a huge page, and wrong once it is split. */
    public static Invalidation asIfHuge(Invalidation right) {
        return ofPages(right, page -> true, 0, -HUGE);
    }

    /** Flushes the next 2 MiB. */
    public static Invalidation ofAnotherHugePage(Invalidation right) {
        return ofPages(right, page -> true, HUGE, -PAGE);
    }

    /**
     * Lets a hart go back to the tables of the space whose ASID is flushed, which are about to be freed.
     *
     * @param roots the root of the space with an ASID
     */
    public static Invalidation returningTo(Invalidation right, IntToLongFunction roots) {
        return (hart, flush, now) -> {
            right.flush(hart, flush, now);
            if (flush.everyAddress()) {
                hart.mmu().setAddressSpace(roots.applyAsLong(flush.asid()), flush.asid());
            }
        };
    }
}
