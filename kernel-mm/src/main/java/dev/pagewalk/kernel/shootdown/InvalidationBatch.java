package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.mmu.table.PagingMode;

/**
 * Translations that one operation takes away, and the end of a frame's life in its order: the caller unhooks or narrows
 * PTEs and notes them here; after {@link #issue} they are invalidated, and only then freed.
 *
 * <p>Source: Linux, include/asm-generic/tlb.h, "mmu_gather": unhook, invalidate, free, in batches.
 */
public final class InvalidationBatch {
    /** More pages than this make a batch of their own: memory for notes stays bounded. */
    public static final int MOST_PAGES = 4096;

    private final Shootdowns shootdowns;
    private final SpaceTranslations space;
    private long lingerStart;
    private long lingerEnd;
    private FlushBatch pages;
    private Shootdown shootdown;

    public InvalidationBatch(Shootdowns shootdowns, SpaceTranslations space) {
        this.shootdowns = shootdowns;
        this.space = space;
        begin();
    }

    private void begin() {
        pages = new FlushBatch(shootdowns.ceilingPages());
        shootdown = new Shootdown(space, pages, false);
        shootdown.lingerStart = lingerStart;
        shootdown.lingerEnd = lingerEnd;
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
            shootdown.frames.add(firstFrame + offset);
        }
    }

    /** A table that no entry points to any more: walk caches may, so it takes a flush of the whole space to free it. */
    public void unhookedTable(long table) {
        shootdown.tables.add(table);
    }

    /**
     * One of the pages, whose PTE has been cleared, gets another PTE when nobody can use the old one any more; until then it
     * is in transit. One page a batch.
     */
    public void replaces(long virtualAddress, long newPte) {
        shootdown.replacedPage = virtualAddress & PagingMode.PAGE_MASK;
        space.inTransit().put(virtualAddress, newPte);
    }

    /**
     * Nothing is mapped in the range any more, which holds all that is noted from now on: harts may go on using it until they
     * come to notice. Nothing is to be mapped there while it is among {@link SpaceTranslations#parked}.
     */
    public void mayLinger(long start, long end) {
        lingerStart = start;
        lingerEnd = end;
        shootdown.lingerStart = start;
        shootdown.lingerEnd = end;
    }

    /**
     * Takes away what was noted; the batch is empty afterwards. Frames and tables are given back at once where nobody else has
     * to be told, or when {@link Shootdowns} is finished with it.
     */
    public void issue() {
        Shootdown issued = shootdown;
        begin();
        shootdowns.issue(issued);
    }
}
