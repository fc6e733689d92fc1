package dev.pagewalk.kernel.testing;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.InvalidationObserver;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** Invalidations with the mistakes that kernels make, each in front of the right one. */
public abstract class BrokenInvalidation implements Invalidation {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;

    final Invalidation right;

    BrokenInvalidation(Invalidation right) {
        this.right = right;
    }

    @Override
    public void flushPage(int asid, long virtualAddress) {
        right.flushPage(asid, virtualAddress);
    }

    @Override
    public void flushSpace(int asid) {
        right.flushSpace(asid);
    }

    @Override
    public InvalidationObserver observer() {
        return right.observer();
    }

    /** Forgets to flush. */
    public static Invalidation none(Invalidation right) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                // That is the mistake.
            }

            @Override
            public void flushSpace(int asid) {
                // That is the mistake.
            }
        };
    }

    /** Flushes another address space. */
    public static Invalidation ofAnotherAsid(Invalidation right) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                right.flushPage(asid + 1, virtualAddress);
            }

            @Override
            public void flushSpace(int asid) {
                right.flushSpace(asid + 1);
            }
        };
    }

    /** Flushes the next page. */
    public static Invalidation ofAnotherPage(Invalidation right) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                right.flushPage(asid, virtualAddress + PAGE);
            }
        };
    }

    /** Lets each flush wait until the next one is asked for: the frames are free by then. */
    public static Invalidation oneLate(Invalidation right) {
        return new BrokenInvalidation(right) {
            private Runnable waiting = () -> {};

            @Override
            public void flushPage(int asid, long virtualAddress) {
                waiting.run();
                waiting = () -> right.flushPage(asid, virtualAddress);
            }

            @Override
            public void flushSpace(int asid) {
                waiting.run();
                waiting = () -> right.flushSpace(asid);
            }
        };
    }

    /** Flushes every address of a space, where pointers in walk caches ask for a flush of the space itself. */
    public static Invalidation byAddressOnly(Invalidation right, Supplier<Hart> hart) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushSpace(int asid) {
                TlbFlush addresses = TlbFlush.range(0, 1L << 47, asid);
                hart.get().mmu().flush(addresses);
                observer().flushed(hart.get().id(), addresses);
            }
        };
    }

    /** Forgets some pages where they are flushed one by one. */
    public static Invalidation exceptPages(Invalidation right, LongPredicate forgotten) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                if (!forgotten.test(virtualAddress)) {
                    right.flushPage(asid, virtualAddress);
                }
            }
        };
    }

    /** Forgets to flush where a whole space is to be flushed. */
    public static Invalidation exceptSpaces(Invalidation right) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushSpace(int asid) {
                // That is the mistake.
            }
        };
    }

    /** Flushes a page from the L2 only. */
    public static Invalidation exceptFirstLevel(Invalidation right, Supplier<Hart> hart) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                hart.get().mmu().l2().flush(TlbFlush.address(virtualAddress, asid));
            }
        };
    }

    /** Flushes a page from the first level's TLBs only. */
    public static Invalidation exceptSecondLevel(Invalidation right, Supplier<Hart> hart) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                TlbFlush page = TlbFlush.address(virtualAddress, asid);
                hart.get().mmu().instructionTlb().flush(page);
                hart.get().mmu().dataTlb().flush(page);
            }
        };
    }

    /** Flushes the first 4 KiB of the 2 MiB that a page lies in: right for a huge page, and wrong once it is split. */
    public static Invalidation asIfHuge(Invalidation right) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                right.flushPage(asid, virtualAddress & -HUGE);
            }
        };
    }

    /** Flushes the next 2 MiB. */
    public static Invalidation ofAnotherHugePage(Invalidation right) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushPage(int asid, long virtualAddress) {
                right.flushPage(asid, virtualAddress + HUGE);
            }
        };
    }

    /**
     * Lets a hart go back to the tables of the space whose ASID is flushed, which are about to be freed.
     *
     * @param roots the root of the space with an ASID
     */
    public static Invalidation returningTo(Invalidation right, Supplier<Hart> hart, IntToLongFunction roots) {
        return new BrokenInvalidation(right) {
            @Override
            public void flushSpace(int asid) {
                right.flushSpace(asid);
                hart.get().mmu().setAddressSpace(roots.applyAsLong(asid), asid);
            }
        };
    }
}
