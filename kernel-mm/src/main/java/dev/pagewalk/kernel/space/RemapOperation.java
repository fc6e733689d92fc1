package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.pagetable.PageTableBuilder;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * mremap: shrinks a mapping, grows it where it is, or moves its PTEs elsewhere; the frames stay what they are.
 *
 * <p>A move takes the tables at the new place first. From then on nothing can fail, so the one that fails leaves both places
 * as they were; Linux would have unmapped the new one. Only where other harts have to be told first that the pages at the new
 * place are gone the move is tried again afterwards, and may fail then.
 *
 * <p>Source: mremap(2) and Linux 6.12, mm/mremap.c, for the checks and their order.
 */
final class RemapOperation {
    private static final long HUGE_BYTES = PagingMode.pageSizeBytes(KernelPte.HUGE_LEVEL);

    private final AddressSpace space;
    private final RegionMap regions;

    RemapOperation(AddressSpace space) {
        this.space = space;
        this.regions = space.regions();
    }

    /**
     * @return the mapping's address
     * @throws KernelException INVALID_ARGUMENT; INVALID_ADDRESS where nothing is mapped, or not one region as long as said;
     *     OUT_OF_MEMORY, RESOURCE_EXHAUSTED
     */
    long remap(RemapRequest request) throws KernelException {
        long start = request.address();
        long oldBytes = AddressSpace.roundUp(request.oldLengthBytes());
        long newBytes = AddressSpace.roundUp(request.newLengthBytes());
        checkFlags(request, oldBytes, newBytes);
        if (!AddressSpace.isPageAligned(start) || newBytes == 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        space.services().meter().regionLookup();
        Region region = regions.find(start);
        if (region == null) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        if (request.alwaysMoves()) {
            return moveAsTold(request, region, oldBytes, newBytes);
        }
        if (Long.compareUnsigned(oldBytes, newBytes) >= 0) {
            if (oldBytes != newBytes) {
                space.unmap(start + newBytes, oldBytes - newBytes);
            }
            return start;
        }
        checkResize(region, start, oldBytes, newBytes);
        if (canGrowInPlace(region, start, oldBytes, newBytes)) {
            space.requireSettled(region.end(), start + newBytes);
            space.services().meter().regionChange();
            regions.insert(region.between(region.end(), start + newBytes));
            return start;
        }
        if (!request.has(RemapRequest.MAY_MOVE) || newBytes < 0) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        requireRoom(1 + regions.addedByRemoving(start, start + oldBytes));
        long target = new MapOperation(space).findPlace(0, newBytes, mayBeHuge(region));
        new Move(space, region, start, oldBytes, newBytes, false).to(target);
        return target;
    }

    private static boolean mayBeHuge(Region region) {
        return region.backing() == null && !region.isShared();
    }

    private static void checkFlags(RemapRequest request, long oldBytes, long newBytes) throws KernelException {
        boolean valid = (request.flags() & ~RemapRequest.ALL_FLAGS) == 0
                && (!request.alwaysMoves() || request.has(RemapRequest.MAY_MOVE))
                && (!request.has(RemapRequest.DONT_UNMAP) || oldBytes == newBytes);
        if (!valid) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
    }

    /** MREMAP_FIXED and MREMAP_DONTUNMAP. Source: Linux, mm/mremap.c, {@code mremap_to}. */
    private long moveAsTold(RemapRequest request, Region region, long oldBytes, long newBytes) throws KernelException {
        long start = request.address();
        long wanted = request.newAddress();
        long userEnd = space.layout().userEnd();
        boolean overlaps = Long.compareUnsigned(start + oldBytes, wanted) > 0
                && Long.compareUnsigned(wanted + newBytes, start) > 0;
        if (!AddressSpace.isPageAligned(wanted)
                || Long.compareUnsigned(newBytes, userEnd) > 0
                || Long.compareUnsigned(wanted, userEnd - newBytes) > 0
                || overlaps) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        boolean shrinks = Long.compareUnsigned(oldBytes, newBytes) > 0;
        if (shrinks && Long.compareUnsigned(oldBytes, userEnd - start) > 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (request.has(RemapRequest.DONT_UNMAP) && region.isSpecial()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        long movedBytes = shrinks ? newBytes : oldBytes;
        checkResize(region, start, movedBytes, newBytes);
        boolean fixed = request.has(RemapRequest.FIXED);
        if (fixed && wanted < space.layout().userStart()) {
            throw KernelError.NOT_PERMITTED.exception();
        }
        requireRoom(1 + regions.addedByChanging(start, start + oldBytes) + (fixed ? 1 : 0));
        Move move = new Move(space, region, start, movedBytes, newBytes, request.has(RemapRequest.DONT_UNMAP));
        if (fixed) {
            space.requireSettled(wanted, wanted + newBytes);
        }
        long target = fixed ? wanted : new MapOperation(space).findPlace(wanted, newBytes, mayBeHuge(region));
        move.to(target);
        if (shrinks) {
            space.cut(start + newBytes, start + oldBytes);
        }
        return target;
    }

    /** Source: Linux, mm/mremap.c, {@code vma_to_resize}. */
    private static void checkResize(Region region, long start, long oldBytes, long newBytes) throws KernelException {
        if (oldBytes == 0 && !region.isShared()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (Long.compareUnsigned(oldBytes, region.end() - start) > 0) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        if (newBytes == oldBytes) {
            return;
        }
        if (region.backing() instanceof FileBacking file
                && newBytes > Long.MAX_VALUE - file.offset() - (start - region.start())) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (region.isSpecial()) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
    }

    /** As Linux's {@code vma_expandable}, but for the room that is kept for the stack. */
    private boolean canGrowInPlace(Region region, long start, long oldBytes, long newBytes) {
        return start + oldBytes == region.end()
                && space.layout().isUserRange(region.end(), newBytes - oldBytes)
                && !space.layout().meetsStackReserve(region.end(), newBytes - oldBytes)
                && !regions.overlaps(region.end(), start + newBytes);
    }

    private void requireRoom(int moreRegions) throws KernelException {
        if (!regions.hasRoomFor(moreRegions)) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
    }

    /**
     * One mapping on its way.
     *
     * @param bytes what moves of the region, from {@code start} on
     * @param newBytes how long the mapping is then
     * @param keepsOld whether the old mapping stays, without its pages
     */
    private record Move(AddressSpace space, Region region, long start, long bytes, long newBytes, boolean keepsOld) {

        /**
         * @throws KernelException OUT_OF_MEMORY; then nothing has changed but for empty tables; STILL_CACHED where harts have
         *     been told to forget the pages that were at the new place
         */
        void to(long target) throws KernelException {
            PageTableBuilder builder = space.pageTable().builder();
            reserveTables(builder, target);
            splitInTheWay(target);
            space.discardPages(target, target + newBytes);
            if (space.isStillCached()) {
                giveTablesBack(builder, target);
                throw KernelError.STILL_CACHED.exception();
            }

            RegionMap regions = space.regions();
            space.services().meter().regionChange();
            regions.replace(region.movedTo(start, target, newBytes));
            if (!keepsOld) {
                regions.remove(start, start + bytes);
            } else {
                regions.replace(region.between(start, start + bytes).withAdvice(region.advice() & ~Advice.LOCKS));
            }
            movePages(builder, target);
        }

        private void reserveTables(PageTableBuilder builder, long target) throws KernelException {
            try {
                reserveAll(builder, target);
            } catch (KernelException outOfMemory) {
                giveTablesBack(builder, target);
                throw outOfMemory;
            }
        }

        private void giveTablesBack(PageTableBuilder builder, long target) {
            builder.abandon();
            InvalidationBatch batch = space.invalidationBatch();
            space.unhookUnusedTables(target, target + newBytes, batch);
            batch.issue();
        }

        /** A huge page at either end of which only a part moves is not split before nothing can fail any more. */
        private void reserveAll(PageTableBuilder builder, long target) throws KernelException {
            long end = start + bytes;
            long wholeStart = Math.min(end, endOfHugePageAcross(start));
            long wholeEnd = Math.max(wholeStart, startOfHugePageAcross(end));
            reservePages(builder, target, wholeStart - start);
            if (wholeStart < wholeEnd) {
                space.pageTable().visitPages(wholeStart, wholeEnd, (address, level, pte) -> {
                    reserve(builder, address - start + target, level);
                    return pte;
                });
            }
            reservePages(builder, wholeEnd - start + target, end - wholeEnd);
        }

        private long endOfHugePageAcross(long address) {
            PageEntry entry = space.pageTable().find(address);
            boolean isAcross = entry.isHuge() && entry.virtualAddress() < address;
            return isAcross ? entry.virtualAddress() + HUGE_BYTES : address;
        }

        private long startOfHugePageAcross(long address) {
            PageEntry entry = space.pageTable().find(address);
            boolean isAcross = entry.isHuge() && entry.virtualAddress() < address;
            return isAcross ? entry.virtualAddress() : address;
        }

        private void reserve(PageTableBuilder builder, long to, int level) throws KernelException {
            if (level > 0 && staysHuge(to)) {
                builder.reserve(to, level);
            } else {
                reservePages(builder, to, PagingMode.pageSizeBytes(level));
            }
        }

        /** Takes what up to 2 MiB of small pages need. */
        private void reservePages(PageTableBuilder builder, long to, long lengthBytes) throws KernelException {
            if (lengthBytes > 0) {
                reservePage(builder, to);
                reservePage(builder, to + lengthBytes - PagingMode.PAGE_BYTES);
            }
        }

        /** What a huge page is in the way of has the table that was laid by for it. */
        private void reservePage(PageTableBuilder builder, long to) throws KernelException {
            if (!space.pageTable().find(to).isHuge()) {
                builder.reserve(to, 0);
            }
        }

        /** Gives the huge pages at the new place their tables, unless a huge page takes their place. */
        private void splitInTheWay(long target) {
            space.pageTable().visitPages(target, target + bytes, (address, level, pte) -> {
                if (level > 0 && !getsHugePage(address, target)) {
                    space.pageTable().split(space.pageTable().find(address));
                }
                return pte;
            });
        }

        private boolean getsHugePage(long to, long target) {
            long from = to - target + start;
            PageEntry entry = space.pageTable().find(from);
            return entry.isHuge() && entry.virtualAddress() == from && from + HUGE_BYTES <= start + bytes;
        }

        /** Whether a huge page can be one at its new place: it fits there, and there is no table for smaller ones. */
        private boolean staysHuge(long to) {
            return (to & HUGE_BYTES - 1) == 0 && space.pageTable().find(to).level() > 0;
        }

        private void movePages(PageTableBuilder builder, long target) {
            InvalidationBatch batch = space.invalidationBatch();
            space.pageTable().visitPages(start, start + bytes, (address, level, pte) -> {
                long to = address - start + target;
                batch.narrowed(address);
                if (level == 0 || staysHuge(to)) {
                    builder.fill(to, level, pte);
                } else {
                    for (int piece = 0; piece < PagingMode.TABLE_ENTRIES; piece++) {
                        builder.fill(to + (long) piece * PagingMode.PAGE_BYTES, 0, KernelPte.piece(pte, piece));
                    }
                }
                return 0;
            });
            space.unhookUnusedTables(start, start + bytes, batch);
            batch.issue();
        }
    }
}
