package dev.pagewalk.mmu.testing;

import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/** Makes page tables by hand; each new table is the next free frame from the start of RAM. */
public final class TestPageTables {
    private final PhysicalMemory memory;
    private final PagingMode mode;
    private long nextTable = PhysicalMemory.RAM_BASE;

    public TestPageTables(PhysicalMemory memory, PagingMode mode) {
        this.memory = memory;
        this.mode = mode;
    }

    /** An empty table. */
    public long newTable() {
        long table = nextTable;
        nextTable += PhysicalMemory.FRAME_BYTES;
        memory.zero(table, PhysicalMemory.FRAME_BYTES);
        return table;
    }

    /** Writes the PTE that a walk for this address reads at this level; makes the tables above it where none are. */
    public void put(long root, long virtualAddress, int level, long pte) {
        memory.writeLong(pteAddress(root, virtualAddress, level), pte);
    }

    /** The PTE that a walk for this address reads at this level. */
    public long get(long root, long virtualAddress, int level) {
        return memory.readLong(pteAddress(root, virtualAddress, level));
    }

    /** Where that PTE is. What is no pointer into RAM on the way is replaced by a new table. */
    public long pteAddress(long root, long virtualAddress, int level) {
        long table = root;
        for (int above = mode.levels() - 1; above > level; above--) {
            long address = table + 8L * mode.index(virtualAddress, above);
            long pte = memory.readLong(address);
            if (!Pte.isValid(pte) || Pte.isLeaf(pte) || !memory.contains(Pte.physicalAddress(pte), 4096)) {
                pte = Pte.table(newTable());
                memory.writeLong(address, pte);
            }
            table = Pte.physicalAddress(pte);
        }
        return table + 8L * mode.index(virtualAddress, level);
    }
}
