package dev.pagewalk.kernel.shootdown;

import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * Pages to flush from TLBs, one by one up to a ceiling; one more makes it a flush of everything (S28). Source: VeridianOS,
 * {@code mm/vas.rs}, TLB flush batch, whose ceiling is 16.
 */
public final class FlushBatch {
    private final int ceilingPages;
    private final LongArrayList pages = new LongArrayList();
    private long length;

    /** @param ceilingPages how many pages are flushed singly, 0 or more */
    public FlushBatch(int ceilingPages) {
        this.ceilingPages = ceilingPages;
    }

    /** Notes a page, of whatever size. Beyond the ceiling only the number is kept. */
    public void add(long virtualAddress) {
        length++;
        if (length <= ceilingPages) {
            pages.add(virtualAddress);
        }
    }

    /** Notes so many pages that they were not counted. */
    public void addAll() {
        length += ceilingPages + 1L;
    }

    /** How many pages were noted, those beyond the ceiling included. */
    public long length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** Whether so many were noted that everything is flushed. */
    public boolean flushesEverything() {
        return length > ceilingPages;
    }

    /** Flushes what was noted on the hart that does so; nothing for an empty batch. */
    public void flushLocally(Invalidation invalidation, int asid) {
        if (flushesEverything()) {
            invalidation.flushSpace(asid);
        } else {
            pages.forEach(page -> invalidation.flushPage(asid, page));
        }
    }

    public void clear() {
        pages.clear();
        length = 0;
    }
}
