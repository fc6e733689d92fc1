package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * Where a walk of an address space's tables has ended: at the leaf that maps the address, or at the entry where nothing
 * leads on.
 *
 * @param virtualAddress the first address that this entry maps, or would map
 * @param level 0 for a 4 KiB page's entry; above, it is a huge leaf's, or the table below it is missing
 * @param slot the entry's physical address; {@link #NO_SLOT} where all tables have been freed
 * @param pte what stands there
 */
public record PageEntry(long virtualAddress, int level, long slot, long pte) {
    public static final long NO_SLOT = -1;

    /** Whether a page is there, accessible or not. */
    public boolean isPresent() {
        return KernelPte.isPresent(pte);
    }

    /** Whether a leaf above level 0 maps the address. */
    public boolean isHuge() {
        return level > 0 && isPresent();
    }

    /** Whether a page here needs tables first. */
    public boolean lacksTable() {
        return level > 0 && !isPresent();
    }

    /** The same place with another content. */
    public PageEntry withPte(long newPte) {
        return new PageEntry(virtualAddress, level, slot, newPte);
    }

    /** Where a byte of a present page stands in RAM. */
    public long physicalAddress(long address) {
        return Pte.physicalAddress(pte) + (address & PagingMode.pageSizeBytes(level) - 1);
    }
}
