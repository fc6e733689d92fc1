package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * Puts leaves into a tree, with the tables that they need.
 *
 * <p>It remembers the table of the last leaf: putting pages one after another walks the tree once per table. So it serves one
 * step of kernel work, in which nobody else unhooks tables.
 */
public final class PageTableBuilder {
    private final PageTable tree;
    private final PageTableEditor editor;
    private final TableFrames frames;
    private long lastTable;
    private long lastStart;
    private int lastLevel = -1;
    private int unusedDeposits;

    PageTableBuilder(PageTable tree) {
        this.tree = tree;
        this.editor = tree.editor();
        this.frames = tree.frames();
    }

    /**
     * Writes a leaf: one of 4 KiB whatever was there, a huge one of the user only where nothing was.
     *
     * @param level 0 for 4 KiB, 1 for 2 MiB, 2 for 1 GiB
     * @throws KernelException OUT_OF_MEMORY; whatever was taken for this call has been given back, and no entry was written
     * @throws IllegalArgumentException where a superpage does not begin at a multiple of its size, here or in RAM
     */
    public void map(long virtualAddress, int level, long pte) throws KernelException {
        requireAligned(virtualAddress, level, pte);
        reserve(virtualAddress, level, KernelPte.isSplittable(level, pte));
        write(virtualAddress, level, pte);
    }

    /**
     * Takes all that {@link #fill} will need for a user page.
     *
     * @param level 0 for 4 KiB, 1 for 2 MiB
     * @throws KernelException OUT_OF_MEMORY; then nothing has changed
     */
    public void reserve(long virtualAddress, int level) throws KernelException {
        reserve(virtualAddress, level, level > 0);
    }

    /**
     * Gives back the tables deposited for huge pages that were never filled in. Empty tables in the tree stay, for {@link
     * PageTable#unhookTables}.
     */
    public void abandon() {
        while (unusedDeposits > 0) {
            frames.releaseDeposit();
            unusedDeposits--;
        }
    }

    /** Writes the leaf of a user page for which {@link #reserve} was called; cannot fail. */
    public void fill(long virtualAddress, int level, long pte) {
        requireAligned(virtualAddress, level, pte);
        if (!isInLastTable(virtualAddress, level)) {
            PageEntry entry = tree.find(virtualAddress);
            if (entry.level() != level) {
                throw new IllegalStateException(String.format("nothing was reserved for 0x%x", virtualAddress));
            }
            remember(entry.slot() & PagingMode.PAGE_MASK, virtualAddress, level);
        }
        write(virtualAddress, level, pte);
    }

    private static void requireAligned(long virtualAddress, int level, long pte) {
        long withinPage = PagingMode.pageSizeBytes(level) - 1;
        if (level > 0 && ((virtualAddress | Pte.physicalAddress(pte)) & withinPage) != 0) {
            throw new IllegalArgumentException(String.format(
                    "0x%x cannot be mapped to 0x%x by a superpage of level %d",
                    virtualAddress, Pte.physicalAddress(pte), level));
        }
    }

    private void reserve(long virtualAddress, int level, boolean deposits) throws KernelException {
        if (deposits) {
            frames.deposit();
            unusedDeposits++;
        }
        try {
            enterTable(virtualAddress, level);
        } catch (KernelException outOfMemory) {
            if (deposits) {
                unusedDeposits--;
                frames.releaseDeposit();
            }
            throw outOfMemory;
        }
    }

    /** Makes the table that holds an address's entry the last one, built where it is missing. */
    private void enterTable(long virtualAddress, int level) throws KernelException {
        if (isInLastTable(virtualAddress, level)) {
            return;
        }
        long table = tree.rootAddress();
        for (int at = editor.mode().levels() - 1; at > level; at--) {
            long slot = editor.slot(table, virtualAddress, at);
            long next = editor.read(slot);
            if (KernelPte.isTable(next)) {
                table = Pte.physicalAddress(next);
            } else if (KernelPte.isPresent(next)) {
                throw new IllegalStateException(String.format("0x%x is mapped by a superpage already", virtualAddress));
            } else {
                long built = buildTables(virtualAddress, at - 1, level);
                editor.write(tree.rootAddress(), virtualAddress, at, slot, Pte.table(built));
                return;
            }
        }
        remember(table, virtualAddress, level);
    }

    /**
     * Builds, bottom-up and not yet hooked in, the tables from {@code topLevel} down to {@code bottomLevel}: so running out of
     * memory half-way leaves nothing to find in the tree.
     *
     * @return the top table's address
     */
    private long buildTables(long virtualAddress, int topLevel, int bottomLevel) throws KernelException {
        long[] tables = new long[topLevel - bottomLevel + 1];
        int built = 0;
        try {
            while (built < tables.length) {
                long table = frames.allocate();
                if (built > 0) {
                    int level = bottomLevel + built;
                    long slot = editor.slot(table, virtualAddress, level);
                    editor.write(tree.rootAddress(), virtualAddress, level, slot, Pte.table(tables[built - 1]));
                }
                tables[built++] = table;
            }
        } catch (KernelException outOfMemory) {
            while (built > 0) {
                frames.release(tables[--built]);
            }
            throw outOfMemory;
        }
        remember(tables[0], virtualAddress, bottomLevel);
        return tables[tables.length - 1];
    }

    private void write(long virtualAddress, int level, long pte) {
        long slot = editor.slot(lastTable, virtualAddress, level);
        if (KernelPte.isSplittable(level, pte) && editor.readUncharged(slot) != 0) {
            throw new IllegalStateException(
                    String.format("a superpage at 0x%x would hide what is there", virtualAddress));
        }
        editor.write(tree.rootAddress(), virtualAddress, level, slot, pte);
        if (KernelPte.isSplittable(level, pte)) {
            unusedDeposits--;
        }
    }

    private boolean isInLastTable(long virtualAddress, int level) {
        return level == lastLevel && (virtualAddress & -PagingMode.pageSizeBytes(level + 1)) == lastStart;
    }

    private void remember(long table, long virtualAddress, int level) {
        lastTable = table;
        lastStart = virtualAddress & -PagingMode.pageSizeBytes(level + 1);
        lastLevel = level;
    }
}
