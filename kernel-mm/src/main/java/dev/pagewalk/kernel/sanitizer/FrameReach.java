package dev.pagewalk.kernel.sanitizer;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.shootdown.QueuedFlushes;
import dev.pagewalk.mmu.TranslationCache;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.walk.WalkCache;

/**
 * Looks for a way by which a hart can still get to a frame that is given back: a translation or a table pointer that it has
 * cached and can come to use, or the root that it has loaded.
 *
 * <p>On its way it forgets that translations belong to that frame where it was their root, so that they are not taken for
 * those of the next root in it.
 */
final class FrameReach {
    private final QueuedFlushes queuedFlushes;
    private final long frame;
    private String way = "";
    private int mark;
    private int hartId;

    FrameReach(QueuedFlushes queuedFlushes, long frame) {
        this.queuedFlushes = queuedFlushes;
        this.frame = frame;
    }

    void search(Iterable<Hart> harts, CachedTranslations cached) {
        for (Hart hart : harts) {
            if (hart.mmu().rootAddress() == frame) {
                found(hart, "it is the root that hart " + hart.id() + " has loaded", 0);
            }
        }
        cached.forEachTlb(this::search);
        cached.forEachWalkCache(this::search);
    }

    /** How the frame can be reached, as part of a sentence; empty where it cannot. */
    String way() {
        return way;
    }

    /** The stale mark of the translation by which it can be reached; 0 where that is as good as ever. */
    int mark() {
        return mark;
    }

    /** The hart that can reach it; meaningful where there is a way. */
    int hartId() {
        return hartId;
    }

    private void search(Hart hart, TranslationCache place, Tlb tlb) {
        for (int entry = tlb.nextValid(0); entry >= 0; entry = tlb.nextValid(entry + 1)) {
            long offset = frame - Pte.physicalAddress(tlb.leaf(entry));
            if (offset >= 0
                    && offset < PagingMode.pageSizeBytes(tlb.level(entry))
                    && guestCanUse(hart, tlb.asid(entry), tlb.isGlobal(entry))) {
                found(
                        hart,
                        String.format(
                                "hart %d has it in %s for va 0x%x, asid %d",
                                hart.id(), place.label(), tlb.virtualAddress(entry) + offset, tlb.asid(entry)),
                        tlb.staleMark(entry));
            }
            if (tlb.root(entry) == frame) {
                tlb.forgetRoot(entry);
            }
        }
    }

    private void search(Hart hart, WalkCache cache) {
        for (int entry = cache.nextValid(0); entry >= 0; entry = cache.nextValid(entry + 1)) {
            if (cache.table(entry) == frame && walkerCanUse(hart, cache.asid(entry), cache.isGlobal(entry))) {
                found(
                        hart,
                        String.format(
                                "hart %d has it in its %s for tables from va 0x%x on, asid %d",
                                hart.id(),
                                TranslationCache.WALK_CACHE.label(),
                                cache.virtualAddress(entry),
                                cache.asid(entry)),
                        cache.staleMark(entry));
            }
            if (cache.root(entry) == frame) {
                cache.forgetRoot(entry);
            }
        }
    }

    /** A hart that idles, or handles an interrupt, executes nothing before it has flushed what it owes. */
    private boolean guestCanUse(Hart hart, int asid, boolean global) {
        return global || !queuedFlushes.isQueued(hart.id(), asid);
    }

    /** A walker may go ahead of any instruction, in the space that is loaded. */
    private boolean walkerCanUse(Hart hart, int asid, boolean global) {
        return hart.mmu().asid() == asid || guestCanUse(hart, asid, global);
    }

    private void found(Hart hart, String how, int staleMark) {
        if (way.isEmpty()) {
            hartId = hart.id();
            way = how;
            mark = staleMark;
        }
    }
}
