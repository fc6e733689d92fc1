package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.function.LongConsumer;

/** Takes tables that serve nothing any more out of a tree: some, whose frames are freed later, or all at once. */
final class PageTableTrimmer {
    private final PageTable tree;
    private final PageTableEditor editor;

    PageTableTrimmer(PageTable tree) {
        this.tree = tree;
        this.editor = tree.editor();
    }

    /** Unhooks the tables below one that nothing in {@code [start, end)} uses. */
    void unhookBelow(long table, int level, long start, long end, PageTable.RangeUse use, LongConsumer unhooked) {
        long sizeBytes = PagingMode.pageSizeBytes(level);
        editor.chargeSweep((int) ((end - 1) / sizeBytes - start / sizeBytes) + 1);
        for (long address = start & -sizeBytes; address < end; address += sizeBytes) {
            long slot = editor.slot(table, address, level);
            long pte = editor.readUncharged(slot);
            if (!KernelPte.isTable(pte)) {
                continue;
            }
            long below = Pte.physicalAddress(pte);
            if (!use.isUsed(address, address + sizeBytes)) {
                editor.write(tree.rootAddress(), address, level, slot, 0);
                collect(below, level - 1, unhooked);
            } else if (level > 1) {
                long from = Math.max(start, address);
                unhookBelow(below, level - 1, from, Math.min(end, address + sizeBytes), use, unhooked);
            }
        }
    }

    /** Tells of a table and all below it. */
    private void collect(long table, int level, LongConsumer unhooked) {
        if (level > 0) {
            editor.chargeSweep(PagingMode.TABLE_ENTRIES);
            for (int index = 0; index < PagingMode.TABLE_ENTRIES; index++) {
                long pte = editor.readUncharged(table + (long) index * PageTableEditor.ENTRY_BYTES);
                if (KernelPte.isTable(pte)) {
                    collect(Pte.physicalAddress(pte), level - 1, unhooked);
                }
            }
        }
        unhooked.accept(table);
    }

    /**
     * Unhooks and frees every table below one.
     *
     * @param start the first address that the table maps
     * @param entries how many of its entries are meant
     */
    void freeBelow(long table, int level, long start, int entries) {
        editor.chargeSweep(entries);
        for (int index = 0; index < entries; index++) {
            long slot = table + (long) index * PageTableEditor.ENTRY_BYTES;
            long pte = editor.readUncharged(slot);
            if (!KernelPte.isTable(pte)) {
                continue;
            }
            long address = start + index * PagingMode.pageSizeBytes(level);
            editor.write(tree.rootAddress(), address, level, slot, 0);
            if (level > 1) {
                freeBelow(Pte.physicalAddress(pte), level - 1, address, PagingMode.TABLE_ENTRIES);
            }
            tree.frames().release(Pte.physicalAddress(pte));
        }
    }
}
