package dev.pagewalk.kernel.sanitizer;

import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * Compares what is cached with what the page tables say. A cached leaf agrees with them while each of its addresses leads to
 * the same memory and it grants no right that they do not. It may grant fewer rights: that costs a fault at most.
 */
final class TranslationCheck {
    /** What a leaf may grant. Being global is a right of other address spaces. */
    private static final long RIGHTS = Pte.R | Pte.W | Pte.X | Pte.U | Pte.G;

    private static final int PTE_BYTES = 8;

    private final PhysicalMemory memory;

    TranslationCheck(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Whether anything cached under the old word of an entry can disagree with the new one. */
    static boolean mayDisagree(long before, long after) {
        if (!Pte.isValid(before)) {
            return false;
        }
        if (!Pte.isValid(after) || Pte.isLeaf(before) != Pte.isLeaf(after)) {
            return true;
        }
        return Pte.isLeaf(before)
                ? Pte.physicalAddress(before) != Pte.physicalAddress(after) || grantsMore(before, after)
                : before != after;
    }

    /**
     * Whether a cached leaf agrees with the tables in all addresses that it shares with one of their entries.
     *
     * @param cached a leaf
     * @param cachedStart the first address of its page
     * @param cachedLevel of its page's size
     * @param pte the entry: a leaf, a pointer to what is to be compared, or invalid
     * @param start the first address that the entry translates
     * @param level of the table that the entry is in
     */
    boolean agrees(long cached, long cachedStart, int cachedLevel, long pte, long start, int level) {
        if (!Pte.isValid(pte)) {
            return false;
        }
        long first = Math.max(cachedStart, start);
        if (Pte.isLeaf(pte)) {
            return Pte.physicalAddress(cached) + (first - cachedStart) == Pte.physicalAddress(pte) + (first - start)
                    && !grantsMore(cached, pte);
        }
        if (level == 0) {
            // A pointer at the last level is no translation.
            return false;
        }
        long sizeBytes = PagingMode.pageSizeBytes(level - 1);
        long last = Math.min(
                cachedStart + (PagingMode.pageSizeBytes(cachedLevel) - 1),
                start + (PagingMode.pageSizeBytes(level) - 1));
        int lastIndex = (int) ((last - start) / sizeBytes);
        for (int index = (int) ((first - start) / sizeBytes); index <= lastIndex; index++) {
            long below = entryOf(Pte.physicalAddress(pte), index);
            if (!agrees(cached, cachedStart, cachedLevel, below, start + index * sizeBytes, level - 1)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The table to which an entry leads for an address, or 0.
     *
     * @param pte the entry
     * @param level of the table that the entry is in
     * @param tableLevel of the table that is asked for, below
     */
    long tableBelow(long pte, int level, long virtualAddress, int tableLevel) {
        long at = pte;
        for (int atLevel = level; ; atLevel--) {
            if (!Pte.isValid(at) || Pte.isLeaf(at)) {
                return 0;
            }
            if (atLevel - 1 == tableLevel) {
                return Pte.physicalAddress(at);
            }
            long index = virtualAddress / PagingMode.pageSizeBytes(atLevel - 1) & PagingMode.TABLE_ENTRIES - 1;
            at = entryOf(Pte.physicalAddress(at), (int) index);
        }
    }

    /** A table outside RAM leads nowhere. */
    private long entryOf(long table, int index) {
        long address = table + (long) index * PTE_BYTES;
        return memory.contains(address, PTE_BYTES) ? memory.readLong(address) : 0;
    }

    /**
     * Whether a cached leaf allows what the other does not. D where W is set allows stores that leave no trace in memory; the
     * type of memory must be the same.
     */
    private static boolean grantsMore(long cached, long pte) {
        boolean storesUnseen = (cached & (Pte.W | Pte.D)) == (Pte.W | Pte.D) && !Pte.isDirty(pte);
        return (cached & RIGHTS & ~pte) != 0 || storesUnseen || Pte.memoryType(cached) != Pte.memoryType(pte);
    }
}
