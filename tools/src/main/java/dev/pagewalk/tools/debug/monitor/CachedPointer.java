package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.shootdown.SpaceTranslations;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.walk.WalkCache;
import dev.pagewalk.mmu.walk.WalkStep;
import java.util.List;

/**
 * The deepest pointer on the way to an address that a hart's page-walk cache holds: where its next walk begins.
 *
 * @param tableLevel of the table that it points to
 * @param table that table's physical address
 * @param agrees whether the page tables lead to the same one
 */
record CachedPointer(int tableLevel, long table, boolean agrees) {
    /** @return null where the walk would begin at the root */
    static CachedPointer find(WalkCache cache, SpaceTranslations space, long virtualAddress, List<WalkStep> steps) {
        int deepest = -1;
        for (int entry = cache.nextValid(0); entry >= 0; entry = cache.nextValid(entry + 1)) {
            long prefix = virtualAddress & -PagingMode.pageSizeBytes(cache.tableLevel(entry) + 1);
            if (prefix == cache.virtualAddress(entry)
                    && (cache.isGlobal(entry) || cache.asid(entry) == space.asid())
                    && (deepest < 0 || cache.tableLevel(entry) < cache.tableLevel(deepest))) {
                deepest = entry;
            }
        }
        if (deepest < 0) {
            return null;
        }
        int level = cache.tableLevel(deepest);
        long table = cache.table(deepest);
        boolean agrees = steps.stream().anyMatch(step -> step.level() == level && tableOf(step) == table);
        return new CachedPointer(level, table, agrees);
    }

    /** Where the table begins whose entry a step has read. */
    static long tableOf(WalkStep step) {
        return step.pteAddress() & PagingMode.PAGE_MASK;
    }

    /** For a column. */
    String word() {
        return "level " + tableLevel + (agrees ? " agrees" : " STALE");
    }
}
