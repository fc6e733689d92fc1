package dev.pagewalk.kernel.sanitizer;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.shootdown.QueuedFlushes;
import dev.pagewalk.mmu.TranslationCache;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.Tlb;

/**
 * A page that is mapped where another was, and a hart that can still come to use the other one: it is told of its end, and
 * has not flushed. Two harts would see two pages at one address.
 */
final class EarlyMapping {
    private final TranslationCheck check;
    private final Revocations revocations;
    private final QueuedFlushes queuedFlushes;
    private final long root;
    private final long start;
    private final int level;
    private final long leaf;
    private String way = "";
    private int hartId;
    private Revocation revocation;

    /**
     * @param start the first address of the page
     * @param level of its size
     * @param leaf its PTE
     */
    EarlyMapping(
            TranslationCheck check,
            Revocations revocations,
            QueuedFlushes queuedFlushes,
            long root,
            long start,
            int level,
            long leaf) {
        this.check = check;
        this.revocations = revocations;
        this.queuedFlushes = queuedFlushes;
        this.root = root;
        this.start = start;
        this.level = level;
        this.leaf = leaf;
    }

    void search(CachedTranslations cached) {
        cached.forEachTlb(
                (hart, place, tlb) -> tlb.forEachOverlapping(start, level, entry -> search(hart, place, tlb, entry)));
    }

    private void search(Hart hart, TranslationCache place, Tlb tlb, int entry) {
        boolean isOfPage = tlb.root(entry) == root && tlb.staleMark(entry) != 0;
        if (!way.isEmpty()
                || !isOfPage
                || queuedFlushes.isQueued(hart.id(), tlb.asid(entry))
                || check.agrees(tlb.leaf(entry), tlb.virtualAddress(entry), tlb.level(entry), leaf, start, level)) {
            return;
        }
        Revocation of = revocations.get(tlb.staleMark(entry));
        if (of.story != null && !of.isComplete()) {
            revocation = of;
            hartId = hart.id();
            way = String.format(
                    "hart %d still has %s in %s, asid %d",
                    hart.id(), Pte.describe(tlb.leaf(entry)), place.label(), tlb.asid(entry));
        }
    }

    /** How the page that was there can be used, as part of a sentence; empty where it cannot. */
    String way() {
        return way;
    }

    /** The hart that can use it; meaningful where there is a way. */
    int hartId() {
        return hartId;
    }

    /** What took the page away that was there; null where there is no way. */
    Revocation revocation() {
        return revocation;
    }
}
