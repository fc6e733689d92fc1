package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/** Looks at every entry of the user half of a tree of page tables, by nothing but the words in RAM. */
final class TableWalk {
    /** Is told what there is, in address order. */
    interface Visitor {
        void table(long frame);

        /** @param level 0 for a page of 4 KiB */
        void leaf(long virtualAddress, int level, long pte);
    }

    private final PhysicalMemory ram;
    private final Visitor visitor;

    TableWalk(PhysicalMemory ram, Visitor visitor) {
        this.ram = ram;
        this.visitor = visitor;
    }

    void walk(long root, PagingMode mode) {
        walk(root, mode.levels() - 1, 0, PagingMode.TABLE_ENTRIES / 2);
    }

    private void walk(long table, int level, long start, int entries) {
        visitor.table(table);
        for (int index = 0; index < entries; index++) {
            long pte = ram.readLong(table + index * 8L);
            if (pte == 0) {
                continue;
            }
            long address = start + index * PagingMode.pageSizeBytes(level);
            if (KernelPte.isPresent(pte)) {
                visitor.leaf(address, level, pte);
            } else if (Pte.isValid(pte) && level > 0) {
                walk(Pte.physicalAddress(pte), level - 1, address, PagingMode.TABLE_ENTRIES);
            } else {
                throw new AssertionError(String.format("0x%x is translated by rubbish: 0x%x", address, pte));
            }
        }
    }
}
