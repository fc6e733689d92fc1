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
    /** What {@link #find} returns where no table reaches down to the address. */
    public static final long NO_SLOT = -1;

    private static final int KERNEL_HALF_INDEX = PagingMode.TABLE_ENTRIES / 2;

    private final PageTableEditor editor;
    private final PagingMode mode;
    private long root;
    private int tablePages;
    private int peakTablePages;

    private PageTable(PageTableEditor editor) {
        this.editor = editor;
        this.mode = editor.mode();
    }

    /**
     * Empty tables whose upper half is still empty, too: the kernel's own.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    public static PageTable create(PageTableEditor editor) throws KernelException {
        PageTable table = new PageTable(editor);
        table.root = editor.allocateTable();
        table.countTable();
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

    /** Frames that hold these tables, the root's included and shared ones of the kernel half left out. */
    public int tablePages() {
        return tablePages;
    }

    public int peakTablePages() {
        return peakTablePages;
    }

    /**
     * Walks without allocating (S33).
     *
     * @return the physical address of the PTE that maps, or would map, the address: at level 0, or higher where a
     *     superpage covers it; {@link #NO_SLOT} where a table on the way is missing
     */
    public long find(long virtualAddress) {
        if (root == 0) {
            return NO_SLOT;
        }
        long table = root;
        for (int level = mode.levels() - 1; ; level--) {
            long slot = editor.slot(table, virtualAddress, level);
            if (level == 0) {
                return slot;
            }
            long pte = editor.read(slot);
            if (!Pte.isValid(pte)) {
                return NO_SLOT;
            }
            if (Pte.isLeaf(pte)) {
                return slot;
            }
            table = Pte.physicalAddress(pte);
        }
    }

    /** The PTE that maps an address, or 0; free of charge, for those who only look. */
    public long peek(long virtualAddress) {
        if (root == 0) {
            return 0;
        }
        long table = root;
        for (int level = mode.levels() - 1; ; level--) {
            long pte = editor.readUncharged(editor.slot(table, virtualAddress, level));
            if (level == 0 || !Pte.isValid(pte) || Pte.isLeaf(pte)) {
                return pte;
            }
            table = Pte.physicalAddress(pte);
        }
    }

    /** The PTE at a slot that {@link #find} returned; 0 for {@link #NO_SLOT}. */
    public long read(long slot) {
        return slot == NO_SLOT ? 0 : editor.read(slot);
    }

    /** Writes a PTE; invalidating what it narrows is the caller's duty. */
    public void write(long slot, long pte) {
        editor.write(slot, pte);
    }

    /**
     * Writes a leaf, with the tables that it needs.
     *
     * @param level 0 for 4 KiB, 1 for 2 MiB, 2 for 1 GiB
     * @throws KernelException OUT_OF_MEMORY; tables taken for this call have been given back, and no entry was written
     */
    public void map(long virtualAddress, int level, long pte) throws KernelException {
        long table = root;
        for (int at = mode.levels() - 1; at > level; at--) {
            long slot = editor.slot(table, virtualAddress, at);
            long next = editor.read(slot);
            if (!Pte.isValid(next)) {
                next = Pte.table(buildTables(virtualAddress, at - 1, level, pte));
                editor.write(slot, next);
                return;
            }
            if (Pte.isLeaf(next)) {
                throw new IllegalStateException(String.format("0x%x is mapped by a superpage already", virtualAddress));
            }
            table = Pte.physicalAddress(next);
        }
        editor.write(editor.slot(table, virtualAddress, level), pte);
    }

    /**
     * Builds, bottom-up and not yet hooked in, the tables from {@code topLevel} down to the leaf's: so running out of
     * memory half-way leaves nothing to find in the tree.
     *
     * @return the top table's address
     */
    private long buildTables(long virtualAddress, int topLevel, int leafLevel, long leaf) throws KernelException {
        long[] tables = new long[topLevel - leafLevel + 1];
        int built = 0;
        try {
            long entry = leaf;
            for (int level = leafLevel; level <= topLevel; level++) {
                tables[built] = editor.allocateTable();
                countTable();
                editor.write(editor.slot(tables[built], virtualAddress, level), entry);
                entry = Pte.table(tables[built]);
                built++;
            }
            return tables[built - 1];
        } catch (KernelException outOfMemory) {
            while (built > 0) {
                releaseTable(tables[--built]);
            }
            throw outOfMemory;
        }
    }

    /** How many tables mapping every 4 KiB page of {@code [start, end)} would take. */
    public long missingTables(long start, long end) {
        return missingTables(root, mode.levels() - 1, start, end);
    }

    private long missingTables(long table, int level, long start, long end) {
        if (level == 0) {
            return 0;
        }
        long sizeBytes = PagingMode.pageSizeBytes(level);
        long missing = 0;
        for (long address = start; address < end; address = (address & -sizeBytes) + sizeBytes) {
            long partEnd = Math.min(end, (address & -sizeBytes) + sizeBytes);
            long pte = editor.read(editor.slot(table, address, level));
            missing += Pte.isValid(pte)
                    ? missingTables(Pte.physicalAddress(pte), level - 1, address, partEnd)
                    : tablesBelow(level, address, partEnd);
        }
        return missing;
    }

    /** The tables of the levels below one that it takes to reach every page of a range. */
    private static long tablesBelow(int level, long start, long end) {
        long tables = 0;
        for (int reached = 1; reached <= level; reached++) {
            long sizeBytes = PagingMode.pageSizeBytes(reached);
            tables += (end - 1) / sizeBytes - start / sizeBytes + 1;
        }
        return tables;
    }

    /** Visits the leaf PTEs of a range of user pages in address order; only those that own a frame. */
    public interface PageVisitor {
        /**
         * @param virtualAddress of the page
         * @return the PTE to write instead; the same one leaves memory alone
         */
        long visit(long virtualAddress, long pte);
    }

    /**
     * Applies a visitor to every present 4 KiB page in {@code [start, end)}; passes over what no table reaches.
     *
     * @param mostPages when to stop: after so many pages
     * @return the address that was reached: {@code end}, or that after the last page
     */
    public long visitPages(long start, long end, long mostPages, PageVisitor visitor) {
        return root == 0 ? end : new Sweep(mostPages, visitor).visit(root, mode.levels() - 1, start, end);
    }

    /** As above, to the end. */
    public void visitPages(long start, long end, PageVisitor visitor) {
        visitPages(start, end, Long.MAX_VALUE, visitor);
    }

    /** One pass over a range: it pays for a table's entries by the sweep, not one by one, and for each write. */
    private final class Sweep {
        private final PageVisitor visitor;
        private long remainingPages;

        Sweep(long mostPages, PageVisitor visitor) {
            this.remainingPages = mostPages;
            this.visitor = visitor;
        }

        long visit(long table, int level, long start, long end) {
            long sizeBytes = PagingMode.pageSizeBytes(level);
            editor.chargeSweep((int) ((end - 1) / sizeBytes - start / sizeBytes) + 1);
            long address = start;
            while (address < end && remainingPages > 0) {
                long slot = editor.slot(table, address, level);
                long pte = editor.readUncharged(slot);
                long next = Math.min(end, (address & -sizeBytes) + sizeBytes);
                if (level > 0 && Pte.isValid(pte)) {
                    next = visit(Pte.physicalAddress(pte), level - 1, address, next);
                } else if (level == 0 && KernelPte.isPresent(pte)) {
                    visitPage(slot, address, pte);
                }
                address = next;
            }
            return address;
        }

        private void visitPage(long slot, long address, long pte) {
            remainingPages--;
            long replacement = visitor.visit(address, pte);
            if (replacement != pte) {
                editor.write(slot, replacement);
            }
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
            unhookBelow(root, mode.levels() - 1, start, end, use, unhooked);
        }
    }

    private void unhookBelow(long table, int level, long start, long end, RangeUse use, LongConsumer unhooked) {
        long sizeBytes = PagingMode.pageSizeBytes(level);
        editor.chargeSweep((int) ((end - 1) / sizeBytes - start / sizeBytes) + 1);
        for (long address = start & -sizeBytes; address < end; address += sizeBytes) {
            long slot = editor.slot(table, address, level);
            long pte = editor.readUncharged(slot);
            if (!Pte.isValid(pte) || Pte.isLeaf(pte)) {
                continue;
            }
            long below = Pte.physicalAddress(pte);
            if (!use.isUsed(address, address + sizeBytes)) {
                editor.write(slot, 0);
                collectTables(below, level - 1, unhooked);
            } else if (level > 1) {
                long from = Math.max(start, address);
                unhookBelow(below, level - 1, from, Math.min(end, address + sizeBytes), use, unhooked);
            }
        }
    }

    private void collectTables(long table, int level, LongConsumer unhooked) {
        if (level > 0) {
            editor.chargeSweep(PagingMode.TABLE_ENTRIES);
            for (int index = 0; index < PagingMode.TABLE_ENTRIES; index++) {
                long pte = editor.readUncharged(table + (long) index * PageTableEditor.ENTRY_BYTES);
                if (Pte.isValid(pte)) {
                    collectTables(Pte.physicalAddress(pte), level - 1, unhooked);
                }
            }
        }
        unhooked.accept(table);
    }

    /** Frees a table that was unhooked, once no hart's walk cache leads into it. */
    public void releaseUnhooked(long table) {
        releaseTable(table);
    }

    /**
     * Frees every table of the user half below the root, and clears the root's user entries (S3, the variant for exec).
     * No leaf may own a frame any more, and no hart may still cache a translation through these tables.
     *
     * @return the number of frames freed
     */
    public int freeUserTables() {
        int before = tablePages;
        freeBelow(root, mode.levels() - 1, KERNEL_HALF_INDEX);
        return before - tablePages;
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
        releaseTable(root);
        root = 0;
        return freed + 1;
    }

    private void freeBelow(long table, int level, int entries) {
        editor.chargeSweep(entries);
        for (int index = 0; index < entries; index++) {
            long slot = table + (long) index * PageTableEditor.ENTRY_BYTES;
            long pte = editor.readUncharged(slot);
            if (!Pte.isValid(pte) || Pte.isLeaf(pte)) {
                continue;
            }
            editor.write(slot, 0);
            if (level > 1) {
                freeBelow(Pte.physicalAddress(pte), level - 1, PagingMode.TABLE_ENTRIES);
            }
            releaseTable(Pte.physicalAddress(pte));
        }
    }

    private void countTable() {
        tablePages++;
        peakTablePages = Math.max(peakTablePages, tablePages);
    }

    private void releaseTable(long table) {
        editor.freeTable(table);
        tablePages--;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(root);
        out.writeInt(tablePages);
        out.writeInt(peakTablePages);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        root = in.readLong();
        tablePages = in.readInt();
        peakTablePages = in.readInt();
    }
}
