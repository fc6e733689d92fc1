package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * Pages to flush from TLBs, one by one up to a ceiling; one more makes it a flush of everything (S28). Source: VeridianOS,
 * {@code mm/vas.rs}, TLB flush batch, whose ceiling is 16.
 */
public final class FlushBatch implements Snapshotable {
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

    int ceilingPages() {
        return ceilingPages;
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

    /** What was noted, in that order; only the first ones where {@link #flushesEverything}. */
    public long[] pages() {
        return pages.toLongArray();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(length);
        LongLists.save(pages, out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        length = in.readLong();
        LongLists.restore(pages, in);
    }
}
