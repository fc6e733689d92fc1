package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * A file has become shorter: pages that lie wholly beyond its end are no memory any more, wherever they are mapped; private
 * copies go, too. The regions stay, and an access there is a bus error until the file grows again. Source: Linux,
 * mm/memory.c, {@code unmap_mapping_range} with {@code even_cows}.
 */
final class TruncateOperation {
    private final AddressSpace space;

    TruncateOperation(AddressSpace space) {
        this.space = space;
    }

    /** Cannot fail. */
    void truncated(Inode inode, long newSizeBytes) {
        // Unsigned: the last page of the longest file ends beyond the signed numbers.
        long filePages = newSizeBytes + PagingMode.PAGE_BYTES - 1 >>> 12;
        for (Region region : space.regions().all()) {
            if (region.backing() instanceof FileBacking file && file.inode() == inode) {
                discardBeyond(region, filePages);
            }
        }
    }

    private void discardBeyond(Region region, long filePages) {
        long keptPages = Math.max(0, filePages - region.filePage(region.start()));
        if (keptPages < region.lengthBytes() / PagingMode.PAGE_BYTES) {
            space.services().meter().regionLookup();
            space.discardPages(region.start() + keptPages * PagingMode.PAGE_BYTES, region.end());
        }
    }
}
