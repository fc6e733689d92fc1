package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;

/** The one place where the kernel reads and writes page-table words in simulated RAM, and pays for it. */
public final class PageTableEditor {
    static final int ENTRY_BYTES = 8;

    private final PhysicalBus bus;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final CostMeter meter;
    private final PagingMode mode;

    public PageTableEditor(PhysicalBus bus, FrameAllocator frames, CostMeter meter, PagingMode mode) {
        this.bus = bus;
        this.memory = bus.memory();
        this.frames = frames;
        this.meter = meter;
        this.mode = mode;
    }

    public PagingMode mode() {
        return mode;
    }

    /** The PTE at a physical address. */
    public long read(long slot) {
        meter.pageTableRead();
        return memory.readLong(slot);
    }

    /** Writes the PTE at a physical address. */
    public void write(long slot, long pte) {
        meter.pageTableWrite();
        bus.announceStore(slot, ENTRY_BYTES);
        memory.writeLong(slot, pte);
    }

    long slot(long table, long virtualAddress, int level) {
        return table + (long) mode.index(virtualAddress, level) * ENTRY_BYTES;
    }

    /** An empty table. */
    long allocateTable() throws KernelException {
        return frames.allocate(FrameUse.PAGE_TABLE);
    }

    void freeTable(long table) {
        frames.release(table);
    }

    /** Pays for looking through some entries of a table in a row. */
    void chargeSweep(int entries) {
        meter.pageTableSweep(entries);
    }

    /** Reads a PTE for free: a sweep has paid for it, or somebody only looks. */
    long readUncharged(long slot) {
        return memory.readLong(slot);
    }

    /** Copies PTEs from one table to the same places in another. */
    void copyEntries(long fromTable, long toTable, int firstIndex, int entries) {
        int lengthBytes = entries * ENTRY_BYTES;
        long to = toTable + (long) firstIndex * ENTRY_BYTES;
        meter.copied(lengthBytes);
        bus.announceStore(to, lengthBytes);
        memory.copy(fromTable + (long) firstIndex * ENTRY_BYTES, to, lengthBytes);
    }
}
