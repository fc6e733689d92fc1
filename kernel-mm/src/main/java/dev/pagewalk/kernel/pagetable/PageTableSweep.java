package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * One pass of a visitor over the present pages of a range, in address order: it pays for a table's entries by the sweep, not
 * one by one, and for each write.
 */
final class PageTableSweep<E extends Exception> {
    private static final long HUGE_PAGES = PagingMode.TABLE_ENTRIES;

    private final PageTable tree;
    private final PageTableEditor editor;
    private final PageVisitor<E> visitor;
    private long remainingPages;

    PageTableSweep(PageTable tree, long mostPages, PageVisitor<E> visitor) {
        this.tree = tree;
        this.editor = tree.editor();
        this.remainingPages = mostPages;
        this.visitor = visitor;
    }

    /** Visits what a table maps of a range; returns the address that was reached. */
    long visit(long table, int level, long start, long end) throws E {
        long sizeBytes = PagingMode.pageSizeBytes(level);
        editor.chargeSweep((int) ((end - 1) / sizeBytes - start / sizeBytes) + 1);
        long address = start;
        while (address < end && remainingPages > 0) {
            long first = address & -sizeBytes;
            long next = Math.min(end, first + sizeBytes);
            long slot = editor.slot(table, address, level);
            long pte = editor.readUncharged(slot);
            if (pte == 0) {
                address = Math.min(end, first + editor.emptyEntries(slot) * sizeBytes);
                continue;
            }
            if (level > 0 && KernelPte.isPresent(pte) && next - address < sizeBytes) {
                pte = tree.split(new PageEntry(first, level, slot, pte));
            }
            if (KernelPte.isTable(pte)) {
                next = visit(Pte.physicalAddress(pte), level - 1, address, next);
            } else if (KernelPte.isPresent(pte)) {
                visitPage(first, level, slot, pte);
            }
            address = next;
        }
        return address;
    }

    private void visitPage(long virtualAddress, int level, long slot, long pte) throws E {
        remainingPages -= level > 0 ? HUGE_PAGES : 1;
        long replacement = visitor.visit(virtualAddress, level, pte);
        if (replacement != pte) {
            tree.write(new PageEntry(virtualAddress, level, slot, pte), replacement);
        }
    }
}
