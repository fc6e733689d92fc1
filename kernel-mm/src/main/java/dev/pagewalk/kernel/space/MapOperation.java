package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * mmap of memory and files: finds the place, makes room, records the region. Source: Linux, mm/mmap.c, {@code do_mmap},
 * and mmap(2).
 */
final class MapOperation {
    private final AddressSpace space;

    MapOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * @return the mapping's address
     * @throws KernelException INVALID_ARGUMENT, NOT_PERMITTED, ALREADY_EXISTS, OUT_OF_MEMORY, RESOURCE_EXHAUSTED,
     *     NO_SPACE where there are too many files
     */
    long map(MapRequest request) throws KernelException {
        if (request.lengthBytes() == 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        long lengthBytes = AddressSpace.roundUp(request.lengthBytes());
        if (request.lengthBytes() < 0 || lengthBytes <= 0) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        if (request.file() != null) {
            FileBacking backing = new FileBacking(
                    request.file().inode(),
                    request.file().offset(),
                    request.shared(),
                    !request.shared() || request.file().mayWrite());
            return map(request, lengthBytes, RegionKind.FILE, backing);
        }
        return request.shared()
                ? mapSharedMemory(request, lengthBytes)
                : map(request, lengthBytes, RegionKind.ANONYMOUS, null);
    }

    /** Memory that is shared without a file is a file without a name. Source: Linux, mm/shmem.c, {@code shmem_zero_setup}. */
    private long mapSharedMemory(MapRequest request, long lengthBytes) throws KernelException {
        Inode memory = space.services().files().createUnnamed(lengthBytes);
        try {
            return map(request, lengthBytes, RegionKind.SHARED, new FileBacking(memory, 0, true, true));
        } finally {
            // The region holds it now, if there is one.
            memory.release();
        }
    }

    private long map(MapRequest request, long lengthBytes, RegionKind kind, Backing backing) throws KernelException {
        long start = place(request, lengthBytes);
        space.services().meter().regionChange();
        Region region =
                new Region(start, start + lengthBytes, kind, request.protection(), backing, space.initialAdvice());
        space.regions().insert(region);
        return start;
    }

    private long place(MapRequest request, long lengthBytes) throws KernelException {
        long start = choosePlace(request, lengthBytes);
        if (space.regions().overlaps(start, start + lengthBytes)) {
            new UnmapOperation(space).makeRoom(start, lengthBytes);
        }
        return start;
    }

    /**
     * Where the mapping goes. What is mapped there now is to be replaced; nothing has changed yet.
     *
     * @throws KernelException as {@link #map}
     */
    long choosePlace(MapRequest request, long lengthBytes) throws KernelException {
        space.services().meter().regionLookup();
        if (request.placement() != MapRequest.Placement.ANYWHERE) {
            return fixedPlace(request, lengthBytes);
        }
        requireRoom(1);
        return findPlace(request.address(), lengthBytes, !request.shared() && request.file() == null);
    }

    /**
     * Where a new mapping fits.
     *
     * @param address a hint, 0 for none
     * @param mayBeHuge whether it is private memory that begins as zeros
     * @throws KernelException OUT_OF_MEMORY
     */
    long findPlace(long address, long lengthBytes, boolean mayBeHuge) throws KernelException {
        UserLayout layout = space.layout();
        long hint = address & PagingMode.PAGE_MASK;
        if (hint > 0 && hint < layout.userStart()) {
            // Linux, mm/mmap.c, round_hint_to_min.
            hint = layout.userStart();
        }
        if (hint != 0
                && layout.isUserRange(hint, lengthBytes)
                && !space.regions().overlaps(hint, hint + lengthBytes)
                && !space.translations().parked().overlaps(hint, hint + lengthBytes)
                && !layout.meetsStackReserve(hint, lengthBytes)) {
            return hint;
        }
        long limit = layout.stackReserveStart();
        long gap = mayBeHuge ? findHugeGap(lengthBytes) : -1;
        if (gap < 0) {
            gap = space.findGap(layout.mmapStart(), limit, lengthBytes);
        }
        if (gap < 0) {
            gap = space.findGap(layout.userStart(), limit, lengthBytes);
        }
        if (gap < 0) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        return gap;
    }

    /**
     * A place that begins where a huge page can, for memory that will get some; -1 where that is not wanted or not to be had.
     * Source: Linux, mm/huge_memory.c, {@code thp_get_unmapped_area}.
     */
    private long findHugeGap(long lengthBytes) {
        boolean wanted =
                space.services().hugePages() == HugePages.ALWAYS && lengthBytes >= HugePageOperation.SIZE_BYTES;
        if (!wanted) {
            return -1;
        }
        UserLayout layout = space.layout();
        long padding = HugePageOperation.SIZE_BYTES - PagingMode.PAGE_BYTES;
        long gap = space.findGap(layout.mmapStart(), layout.stackReserveStart(), lengthBytes + padding);
        return gap < 0 ? -1 : gap + padding & -HugePageOperation.SIZE_BYTES;
    }

    private long fixedPlace(MapRequest request, long lengthBytes) throws KernelException {
        long start = request.address();
        UserLayout layout = space.layout();
        // The order of the checks is that of Linux, mm/mmap.c, __get_unmapped_area.
        if (start < 0 || start > layout.userEnd() || lengthBytes > layout.userEnd() - start) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        if (!AddressSpace.isPageAligned(start)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (start < layout.userStart()) {
            throw KernelError.NOT_PERMITTED.exception();
        }
        long end = start + lengthBytes;
        boolean replaces = space.regions().overlaps(start, end);
        if (replaces && request.placement() == MapRequest.Placement.FIXED_NOREPLACE) {
            throw KernelError.ALREADY_EXISTS.exception();
        }
        // Whatever can fail fails before the old mapping goes.
        requireRoom(1 + space.regions().addedByRemoving(start, end));
        space.requireSettled(start, end);
        return start;
    }

    private void requireRoom(int moreRegions) throws KernelException {
        if (!space.regions().hasRoomFor(moreRegions)) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
    }
}
