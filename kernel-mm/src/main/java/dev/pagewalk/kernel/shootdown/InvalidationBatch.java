package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.mmu.table.PagingMode;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * Translations that one operation takes away, and the end of a frame's life in its order: the caller unhooks or narrows
 * PTEs and notes them here; {@link #complete} invalidates and only then frees.
 *
 * <p>Source: Linux, include/asm-generic/tlb.h, "mmu_gather": unhook, invalidate, free, in batches.
 */
public final class InvalidationBatch {
    /** More pages than this make a batch of their own: memory for notes stays bounded. */
    public static final int MOST_PAGES = 4096;

    private final Invalidation invalidation;
    private final FrameAllocator frames;
    private final PageTable pageTable;
    private final int asid;
    private final FlushBatch pages = new FlushBatch(LocalInvalidation.RANGE_CEILING_PAGES);
    private final LongArrayList unhookedFrames = new LongArrayList();
    private final LongArrayList unhookedTables = new LongArrayList();

    public InvalidationBatch(Invalidation invalidation, FrameAllocator frames, PageTable pageTable, int asid) {
        this.invalidation = invalidation;
        this.frames = frames;
        this.pageTable = pageTable;
        this.asid = asid;
    }

    /** A page, of whatever size, whose PTE now grants less than before. */
    public void narrowed(long virtualAddress) {
        pages.add(virtualAddress);
    }

    /** So many pages whose PTEs grant less than before that they were not counted. */
    public void narrowedEverywhere() {
        pages.addAll();
    }

    /** A page whose PTE has been cleared, and the frame to free when nobody can reach it any more. */
    public void unhooked(long virtualAddress, long frame) {
        unhooked(virtualAddress, 0, frame);
    }

    /**
     * A page of any size whose PTE has been cleared, and the frames to free when nobody can reach them any more.
     *
     * @param level of the page's size
     * @param firstFrame of as many in a row as the page is long
     */
    public void unhooked(long virtualAddress, int level, long firstFrame) {
        narrowed(virtualAddress);
        long sizeBytes = PagingMode.pageSizeBytes(level);
        for (long offset = 0; offset < sizeBytes; offset += PagingMode.PAGE_BYTES) {
            unhookedFrames.add(firstFrame + offset);
        }
    }

    /** A table that no entry points to any more: walk caches may, so it takes a flush of the whole space to free it. */
    public void unhookedTable(long table) {
        unhookedTables.add(table);
    }

    /** Invalidates what was noted, then frees the frames and tables; the batch is empty afterwards. */
    public void complete() {
        int operation = invalidation.observer().issued();
        if (unhookedTables.isEmpty()) {
            pages.flushLocally(invalidation, asid);
        } else {
            invalidation.flushSpace(asid);
        }
        invalidation.observer().completed(operation);
        unhookedFrames.forEach(frames::release);
        unhookedTables.forEach(pageTable::releaseUnhooked);
        pages.clear();
        unhookedFrames.clear();
        unhookedTables.clear();
    }
}
