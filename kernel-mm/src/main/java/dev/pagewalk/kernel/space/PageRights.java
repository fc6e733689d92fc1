package dev.pagewalk.kernel.space;

import dev.pagewalk.mmu.table.Pte;

/**
 * The rights that a present page may have without a fault, as far as its region's protection goes (S20).
 *
 * <p>The right to write waits for a store where that has to be noticed: in private memory as long as the frame is not the
 * space's own, in a shared mapping of a file as long as the page cache takes the page for unwritten.
 */
final class PageRights {
    private PageRights() {}

    /**
     * @param level of the page
     * @param pte as it stands
     */
    static long of(AddressSpace space, Region region, int level, long pte) {
        long rights = Protection.pteRights(region.protection());
        if ((rights & Pte.W) == 0 || mayWriteUnnoticed(space, region, level, pte)) {
            return rights;
        }
        return rights & ~Pte.W;
    }

    private static boolean mayWriteUnnoticed(AddressSpace space, Region region, int level, long pte) {
        if (region.isShared()) {
            return !(region.backing() instanceof FileBacking) || Pte.isValid(pte) && (pte & Pte.W) != 0;
        }
        return space.isOwn(level, pte);
    }
}
