package dev.pagewalk.kernel.pagetable;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.function.LongConsumer;

/**
 * The page tables of one address space (S1): a root table in simulated RAM whose lower half is the user's and whose upper
 * half, entries 256..511, is the kernel's and the same in every space (S2).
 *
 * <p>It edits PTEs and owns table frames; it neither owns the frames that leaves map nor invalidates TLBs.
 */
public final class PageTable implements Snapshotable {
    private static final int KERNEL_HALF_INDEX = PagingMode.TABLE_ENTRIES / 2;

    private final PageTableEditor editor;
    private final PagingMode mode;
    private final TableFrames frames;
    private long root;

    private PageTable(PageTableEditor editor) {
        this.editor = editor;
        this.mode = editor.mode();
        this.frames = new TableFrames(editor);
    }

    /**
     * Empty tables whose upper half is still empty, too: the kernel's own.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    public static PageTable create(PageTableEditor editor) throws KernelException {
        PageTable table = new PageTable(editor);
        table.root = table.frames.allocate();
        return table;
    }

    /**
     * Tables with an empty user half that share the kernel's half.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    public static PageTable createSharing(PageTableEditor editor, PageTable kernel) throws KernelException {
        PageTable table = create(editor);
        editor.copyEntries(kernel.root, table.root, KERNEL_HALF_INDEX, KERNEL_HALF_INDEX);
        return table;
    }

    /** Tables whose state {@link #restore} will bring. */
    public static PageTable forRestore(PageTableEditor editor) {
        return new PageTable(editor);
    }

    /** The root table's physical address, or 0 once all tables have been freed. */
    public long rootAddress() {
        return root;
    }

    /**
     * Frames that hold these tables, the root's and those deposited for huge leaves included, the shared ones of the kernel
     * half left out.
     */
    public int tablePages() {
        return frames.pages();
    }

    public int peakTablePages() {
        return frames.peakPages();
    }

    PageTableEditor editor() {
        return editor;
    }

    TableFrames frames() {
        return frames;
    }

    /** Walks without allocating (S33). */
    public PageEntry find(long virtualAddress) {
        return walk(virtualAddress, true);
    }

    /** As {@link #find}, but free of charge, for those who only look. */
    public PageEntry look(long virtualAddress) {
        return walk(virtualAddress, false);
    }

    /** The PTE that maps an address, or 0; free of charge. */
    public long peek(long virtualAddress) {
        return look(virtualAddress).pte();
    }

    private PageEntry walk(long virtualAddress, boolean charged) {
        long table = root;
        for (int level = mode.levels() - 1; table != 0; level--) {
            long slot = editor.slot(table, virtualAddress, level);
            long pte = charged ? editor.read(slot) : editor.readUncharged(slot);
            if (!KernelPte.isTable(pte)) {
                return new PageEntry(virtualAddress & -PagingMode.pageSizeBytes(level), level, slot, pte);
            }
            table = Pte.physicalAddress(pte);
        }
        return new PageEntry(virtualAddress, mode.levels() - 1, PageEntry.NO_SLOT, 0);
    }

    /** Writes a leaf, with the tables that it needs; see {@link PageTableBuilder#map}. */
    public void map(long virtualAddress, int level, long pte) throws KernelException {
        builder().map(virtualAddress, level, pte);
    }

    /** Puts many leaves in, in address order. */
    public PageTableBuilder builder() {
        return new PageTableBuilder(this);
    }

    /**
     * Writes another PTE for a page that was found, or clears it. Invalidating what is narrowed is the caller's duty. A huge
     * page that goes gives its deposited table back.
     */
    public void write(PageEntry entry, long pte) {
        editor.write(root, entry.virtualAddress(), entry.level(), entry.slot(), pte);
        if (KernelPte.isSplittable(entry.level(), entry.pte()) && !KernelPte.isPresent(pte)) {
            frames.releaseDeposit();
        }
    }

    /**
     * Turns a huge page into 512 pages with the same frames and rights. It cannot fail: the table for them was deposited when
     * the huge page was mapped.
     *
     * @return the entry's new content: a pointer
     */
    public long split(PageEntry huge) {
        if (!KernelPte.isSplittable(huge.level(), huge.pte())) {
            throw new IllegalStateException(huge + " is no huge page of the user");
        }
        return editor.writeSplit(root, huge, frames.withdraw());
    }

    /**
     * Applies a visitor to every present page in {@code [start, end)}, in address order; passes over what no table reaches. A
     * huge page that the range covers only in part is split first.
     *
     * @param mostPages when to stop: after so many pages; a huge one counts 512
     * @return the address that was reached: {@code end}, or that after the last page
     */
    public <E extends Exception> long visitPages(long start, long end, long mostPages, PageVisitor<E> visitor)
            throws E {
        return root == 0
                ? end
                : new PageTableSweep<>(this, mostPages, visitor).visit(root, mode.levels() - 1, start, end);
    }

    /** As above, to the end. */
    public <E extends Exception> void visitPages(long start, long end, PageVisitor<E> visitor) throws E {
        visitPages(start, end, Long.MAX_VALUE, visitor);
    }

    /** Sees the pages that are present, and cannot change them. */
    public interface PageObserver {
        /**
         * @param virtualAddress the page's first
         * @param level 0 for a page of 4 KiB, 1 for one of 2 MiB: 512 frames in a row
         */
        void see(long virtualAddress, int level, long pte);
    }

    /**
     * Shows every present page of the user half, in address order, to those who only look: free of charge, and huge pages stay
     * whole.
     */
    public void lookAtPages(PageObserver observer) {
        if (root != 0) {
            lookAtPages(root, mode.levels() - 1, KERNEL_HALF_INDEX, 0, observer);
        }
    }

    private void lookAtPages(long table, int level, int entries, long start, PageObserver observer) {
        long address = start;
        for (int index = 0; index < entries; index++) {
            long pte = editor.readUncharged(editor.slot(table, address, level));
            if (KernelPte.isTable(pte)) {
                lookAtPages(Pte.physicalAddress(pte), level - 1, PagingMode.TABLE_ENTRIES, address, observer);
            } else if (KernelPte.isPresent(pte)) {
                observer.see(address, level, pte);
            }
            address += PagingMode.pageSizeBytes(level);
        }
    }

    /** Tells whether a range of addresses has a use, so that the tables below it must stay. */
    public interface RangeUse {
        boolean isUsed(long start, long end);
    }

    /**
     * Unhooks the tables that serve nothing any more around {@code [start, end)}, whose pages have been cleared. They still
     * belong to this tree, and to harts' walk caches, until {@link #releaseUnhooked}. The root stays.
     *
     * @param use asked for ranges as large as a table maps
     * @param unhooked takes each table's physical address
     */
    public void unhookTables(long start, long end, RangeUse use, LongConsumer unhooked) {
        if (root != 0) {
            new PageTableTrimmer(this).unhookBelow(root, mode.levels() - 1, start, end, use, unhooked);
        }
    }

    /** Frees a table that was unhooked, once no hart's walk cache leads into it. */
    public void releaseUnhooked(long table) {
        frames.release(table);
    }

    /**
     * Frees every table of the user half below the root, and clears the root's user entries (S3, the variant for exec).
     * No leaf may own a frame any more, and no hart may still cache a translation through these tables.
     *
     * @return the number of frames freed
     */
    public int freeUserTables() {
        int before = frames.pages();
        new PageTableTrimmer(this).freeBelow(root, mode.levels() - 1, 0, KERNEL_HALF_INDEX);
        frames.releaseDeposits();
        return before - frames.pages();
    }

    /**
     * Frees the user half's tables and the root (S3). No hart may have the root loaded.
     *
     * @return the number of frames freed; 0 where they are freed already
     */
    public int free() {
        if (root == 0) {
            return 0;
        }
        int freed = freeUserTables();
        frames.release(root);
        root = 0;
        return freed + 1;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(root);
        frames.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        root = in.readLong();
        frames.restore(in);
    }
}
