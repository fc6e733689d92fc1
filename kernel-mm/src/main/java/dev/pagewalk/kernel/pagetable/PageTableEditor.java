package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/** The one place where the kernel reads and writes page-table words in simulated RAM, and pays for it. */
public final class PageTableEditor {
    static final int ENTRY_BYTES = 8;

    private final PhysicalBus bus;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final CostMeter meter;
    private final PagingMode mode;
    private PageTableObserver observer = PageTableObserver.NONE;

    public PageTableEditor(PhysicalBus bus, FrameAllocator frames, CostMeter meter, PagingMode mode) {
        this.bus = bus;
        this.memory = bus.memory();
        this.frames = frames;
        this.meter = meter;
        this.mode = mode;
    }

    /** Names who is told of changed entries. */
    public void setObserver(PageTableObserver observer) {
        this.observer = observer;
    }

    public PagingMode mode() {
        return mode;
    }

    /** The PTE at a physical address. */
    long read(long slot) {
        meter.pageTableRead();
        return memory.readLong(slot);
    }

    /**
     * Writes a PTE: every change that the kernel makes to one passes here, those of tables that are built or split included.
     *
     * @param root of the tree that it belongs to
     * @param virtualAddress any that it translates
     * @param level 0 for a 4 KiB page's
     * @param slot its physical address
     */
    void write(long root, long virtualAddress, int level, long slot, long pte) {
        meter.pageTableWrite();
        bus.announceStore(slot, ENTRY_BYTES);
        long before = memory.readLong(slot);
        memory.writeLong(slot, pte);
        observer.entryChanged(root, virtualAddress, level, before, pte);
    }

    /**
     * Fills an empty table with the 512 pages that a huge page consists of, and hooks it in where the huge page's leaf was. No
     * translation changes, but for its size.
     *
     * @param huge the leaf
     * @param table not hooked in yet
     * @return the pointer to the table
     */
    long writeSplit(long root, PageEntry huge, long table) {
        bus.announceStore(table, PagingMode.PAGE_BYTES);
        for (int index = 0; index < PagingMode.TABLE_ENTRIES; index++) {
            memory.writeLong(table + (long) index * ENTRY_BYTES, KernelPte.piece(huge.pte(), index));
        }
        chargeSweep(PagingMode.TABLE_ENTRIES);
        long pointer = Pte.table(table);
        write(root, huge.virtualAddress(), huge.level(), huge.slot(), pointer);
        return pointer;
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

    /** How many entries in a row are 0, from a slot to the end of its table; free of charge, as above. */
    int emptyEntries(long slot) {
        return memory.zeroBytesInFrame(slot) / ENTRY_BYTES;
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
