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
        if ((end - first) / PagingMode.PAGE_BYTES > space.services().frames().totalFrames()) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        Region region = new Region(first, end, kind, protection);
        bringPages(region);
        space.services().meter().regionChange();
        space.regions().insert(region);
    }

    private void bringPages(Region region) throws KernelException {
        long page = region.start();
        try {
            while (page < region.end()) {
                new ZeroPageOperation(space).install(region, page, AccessType.LOAD);
                page += PagingMode.PAGE_BYTES;
            }
        } catch (KernelException outOfMemory) {
            new UnmapOperation(space).removePages(region.start(), region.end());
            throw outOfMemory;
        }
    }
}
