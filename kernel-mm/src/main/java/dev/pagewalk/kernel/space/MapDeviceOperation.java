package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageTableBuilder;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * Maps the memory of a device (S8): all pages at once, uncached and strongly ordered, owned by nobody. Source: Linux,
 * mm/memory.c, {@code remap_pfn_range}.
 *
 * <p>The tables are taken before the first page is mapped; where they run out nothing is mapped, and they go again.
 */
final class MapDeviceOperation {
    private static final long DEVICE_MEMORY = (long) Pte.PBMT_IO << Pte.PBMT_SHIFT;

    /** Nobody asks whether a device's page was used, so that no access need stop to say so. */
    private static final long TOUCHED = Pte.A | Pte.D;

    private final AddressSpace space;

    MapDeviceOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * Maps a range to a place of the caller's choice; anything that is mapped there is refused.
     *
     * @param start a multiple of 4096
     * @param lengthBytes a positive multiple of 4096
     * @param physicalAddress a multiple of 4096, outside RAM
     * @param protection {@link Protection} bits
     * @throws KernelException INVALID_ARGUMENT, ALREADY_EXISTS, RESOURCE_EXHAUSTED, OUT_OF_MEMORY; nothing has changed
     */
    void mapAt(long start, long lengthBytes, long physicalAddress, int protection) throws KernelException {
        boolean isAligned = AddressSpace.isPageAligned(start) && AddressSpace.isPageAligned(lengthBytes);
        if (!isAligned || lengthBytes <= 0 || !space.layout().isUserRange(start, lengthBytes)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        requireDevice(physicalAddress, lengthBytes);
        space.services().meter().regionLookup();
        if (space.regions().overlaps(start, start + lengthBytes)) {
            throw KernelError.ALREADY_EXISTS.exception();
        }
        if (!space.regions().hasRoomFor(1)) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        map(start, lengthBytes, physicalAddress, protection);
    }

    /**
     * mmap of device memory. With MAP_FIXED whatever was mapped there goes, but not where the tables run out; where other
     * harts have to be told of that first, the call is tried again afterwards.
     *
     * @return the mapping's address
     * @throws KernelException INVALID_ARGUMENT also for a private mapping, whose stores would reach no device; and as
     *     {@link MapOperation#map}
     */
    long map(MapRequest request, long physicalAddress) throws KernelException {
        long lengthBytes = AddressSpace.roundUp(request.lengthBytes());
        if (request.lengthBytes() <= 0 || lengthBytes <= 0 || !request.shared()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        requireDevice(physicalAddress, lengthBytes);
        long start = new MapOperation(space).choosePlace(request, lengthBytes);
        map(start, lengthBytes, physicalAddress, request.protection());
        return start;
    }

    private static void requireDevice(long physicalAddress, long lengthBytes) throws KernelException {
        boolean isAligned = AddressSpace.isPageAligned(physicalAddress);
        if (!isAligned || physicalAddress < 0 || physicalAddress > PhysicalMemory.RAM_BASE - lengthBytes) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
    }

    private void map(long start, long lengthBytes, long physicalAddress, int protection) throws KernelException {
        long end = start + lengthBytes;
        PageTableBuilder builder = space.pageTable().builder();
        reserveTables(builder, start, end);
        space.splitHugePages(start, end);
        space.discardPages(start, end);
        if (space.isStillCached()) {
            giveTablesBack(start, end);
            throw KernelError.STILL_CACHED.exception();
        }
        space.services().meter().regionChange();
        DeviceBacking backing = new DeviceBacking(physicalAddress);
        space.regions().replace(new Region(start, end, RegionKind.DEVICE, protection, backing, Advice.NONE));
        long pte = KernelPte.userPage(physicalAddress, Protection.pteRights(protection), TOUCHED) | DEVICE_MEMORY;
        for (long page = start; page < end; page += PagingMode.PAGE_BYTES) {
            builder.fill(page, 0, pte);
            pte += 1L << Pte.PPN_SHIFT;
        }
    }

    private void reserveTables(PageTableBuilder builder, long start, long end) throws KernelException {
        long tableSpanBytes = PagingMode.pageSizeBytes(1);
        try {
            for (long page = start; page < end; page = (page & -tableSpanBytes) + tableSpanBytes) {
                // What a huge page is in the way of has the table that was laid by for it.
                if (!space.pageTable().find(page).isHuge()) {
                    builder.reserve(page, 0);
                }
            }
        } catch (KernelException outOfMemory) {
            giveTablesBack(start, end);
            throw outOfMemory;
        }
    }

    private void giveTablesBack(long start, long end) {
        InvalidationBatch batch = space.invalidationBatch();
        space.pageTable().unhookTables(start, end, space.regions()::overlaps, batch::unhookedTable);
        batch.issue();
    }
}
