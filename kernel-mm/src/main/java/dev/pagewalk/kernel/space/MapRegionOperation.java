package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;

/** Maps a range with all its frames at once (S7): any overlap is refused, and a failure half-way leaves no trace. */
final class MapRegionOperation {
    private final AddressSpace space;

    MapRegionOperation(AddressSpace space) {
        this.space = space;
    }

    void map(long start, long lengthBytes, RegionKind kind, int protection) throws KernelException {
        long first = start & PagingMode.PAGE_MASK;
        long end = AddressSpace.roundUp(start + lengthBytes);
        if (lengthBytes <= 0 || !space.layout().isUserRange(first, end - first)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (space.regions().overlaps(first, end)) {
            throw KernelError.ALREADY_EXISTS.exception();
        }
        if (!space.regions().hasRoomFor(1)) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        requireFrames(first, end);
        Region region = new Region(first, end, kind, protection);
        for (long page = first; page < end; page += PagingMode.PAGE_BYTES) {
            space.installZeroPage(region, page, AccessType.LOAD);
        }
        space.services().meter().regionChange();
        space.regions().insert(region);
    }

    /** Counts pages and tables before anything is taken: so nothing has to be rolled back, not even an empty table. */
    private void requireFrames(long start, long end) throws KernelException {
        long available = space.services().frames().freeFrames();
        long pages = (end - start) / PagingMode.PAGE_BYTES;
        if (pages > available || pages + space.pageTable().missingTables(start, end) > available) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
    }
}
