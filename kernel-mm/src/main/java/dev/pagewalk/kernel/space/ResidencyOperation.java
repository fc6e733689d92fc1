package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.Arrays;

/** mincore: which pages are in RAM, mapped or in the page cache of the file behind. Source: Linux, mm/mincore.c. */
final class ResidencyOperation {
    private static final byte RESIDENT = 1;

    private final AddressSpace space;

    ResidencyOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * @param start where the first page begins
     * @param mostPages how many are of interest, at least 1
     * @return a byte per page, 1 or 0, to the end of the region and at most so many
     * @throws KernelException UNMAPPED_MEMORY where the first page belongs to no region
     */
    byte[] residency(long start, long mostPages) throws KernelException {
        space.services().meter().regionLookup();
        Region region = space.regions().find(start);
        if (region == null) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
        int pages = (int) Math.min(mostPages, (region.end() - start) / PagingMode.PAGE_BYTES);
        long end = start + (long) pages * PagingMode.PAGE_BYTES;
        byte[] resident = new byte[pages];
        if (region.backing() instanceof FileBacking file) {
            for (int page = 0; page < pages; page++) {
                long index = region.filePage(start + (long) page * PagingMode.PAGE_BYTES);
                resident[page] = file.inode().pageIfResident(index) == 0 ? 0 : RESIDENT;
            }
        }
        space.pageTable().visitPages(start, end, (address, level, pte) -> {
            int first = (int) ((address - start) / PagingMode.PAGE_BYTES);
            int count = (int) (PagingMode.pageSizeBytes(level) / PagingMode.PAGE_BYTES);
            Arrays.fill(resident, first, first + count, RESIDENT);
            return pte;
        });
        return resident;
    }
}
