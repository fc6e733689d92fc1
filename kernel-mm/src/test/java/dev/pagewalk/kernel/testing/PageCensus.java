package dev.pagewalk.kernel.testing;

import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.TreeSet;

/**
 * What the tables of an address space really hold, counted entry by entry in simulated RAM.
 *
 * @param tablePages one for each table of the user half, the root, and one deposited for each huge page
 * @param userPages frames of RAM that leaves map; one that two leaves map counts twice
 * @param userFrames the addresses of those frames
 */
public record PageCensus(int tablePages, int userPages, TreeSet<Long> userFrames) {
    public static PageCensus of(PhysicalMemory ram, PagingMode mode, AddressSpace space) {
        Count count = new Count(ram);
        if (space.pageTable().rootAddress() != 0) {
            count.table(space.pageTable().rootAddress(), mode.levels() - 1, PagingMode.TABLE_ENTRIES / 2);
        }
        return new PageCensus(count.tables, count.pages, count.frames);
    }

    private static final class Count {
        final PhysicalMemory ram;
        final TreeSet<Long> frames = new TreeSet<>();
        int tables;
        int pages;

        Count(PhysicalMemory ram) {
            this.ram = ram;
        }

        void table(long table, int level, int entries) {
            tables++;
            for (int index = 0; index < entries; index++) {
                long pte = ram.readLong(table + 8L * index);
                if (KernelPte.isPresent(pte)) {
                    leaf(level, pte);
                } else if (Pte.isValid(pte)) {
                    table(Pte.physicalAddress(pte), level - 1, PagingMode.TABLE_ENTRIES);
                }
            }
        }

        private void leaf(int level, long pte) {
            tables += level > 0 ? 1 : 0;
            if (!KernelPte.isDevice(pte)) {
                KernelPte.forEachFrame(level, pte, frame -> {
                    pages++;
                    frames.add(frame);
                });
            }
        }
    }
}
