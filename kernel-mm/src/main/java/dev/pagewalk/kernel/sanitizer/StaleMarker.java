package dev.pagewalk.kernel.sanitizer;

import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.walk.WalkCache;
import java.util.function.IntSupplier;

/**
 * One PTE change, and the cached translations that disagree with the page tables from then on.
 *
 * <p>What an operation has not touched stays as it was, so only translations of the entry's own addresses are looked at: for
 * a 4 KiB page's entry as many as a TLB lookup meets.
 */
final class StaleMarker {
    private final TranslationCheck check;
    private final long root;
    private final long start;
    private final int level;
    private final long before;
    private final long after;
    private final IntSupplier blame;
    private int mark;

    /**
     * @param virtualAddress any that the entry translates
     * @param blame gives the mark; asked once, and only where there is something to mark
     */
    StaleMarker(
            TranslationCheck check,
            long root,
            long virtualAddress,
            int level,
            long before,
            long after,
            IntSupplier blame) {
        this.check = check;
        this.root = root;
        this.start = virtualAddress & -PagingMode.pageSizeBytes(level);
        this.level = level;
        this.before = before;
        this.after = after;
        this.blame = blame;
    }

    void mark(CachedTranslations cached) {
        cached.forEachTlb((hart, place, tlb) -> tlb.forEachOverlapping(start, level, entry -> {
            if (isStale(tlb, entry)) {
                tlb.markStale(entry, mark());
            }
        }));
        if (level > 0 && !Pte.isLeaf(before)) {
            // Tables stood below.
            cached.forEachWalkCache((hart, cache) -> mark(cache));
        }
    }

    private boolean isStale(Tlb tlb, int entry) {
        return tlb.staleMark(entry) == 0
                && (tlb.root(entry) == root || tlb.isGlobal(entry))
                && !check.agrees(tlb.leaf(entry), tlb.virtualAddress(entry), tlb.level(entry), after, start, level);
    }

    private void mark(WalkCache cache) {
        for (int entry = cache.nextValid(0); entry >= 0; entry = cache.nextValid(entry + 1)) {
            if (isStale(cache, entry)) {
                cache.markStale(entry, mark());
            }
        }
    }

    private boolean isStale(WalkCache cache, int entry) {
        long first = cache.virtualAddress(entry);
        return cache.staleMark(entry) == 0
                && cache.tableLevel(entry) < level
                && (first & -PagingMode.pageSizeBytes(level)) == start
                && (cache.root(entry) == root || cache.isGlobal(entry))
                && check.tableBelow(after, level, first, cache.tableLevel(entry)) != cache.table(entry);
    }

    private int mark() {
        if (mark == 0) {
            mark = blame.getAsInt();
        }
        return mark;
    }
}
