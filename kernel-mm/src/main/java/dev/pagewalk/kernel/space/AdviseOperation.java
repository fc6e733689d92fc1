package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * madvise. Source: madvise(2) and Linux, mm/madvise.c: gaps are passed over, and are ENOMEM when all the rest has been done.
 *
 * <p>MADV_FREE takes the pages at once: Linux leaves it open when it does, and private memory then reads zero as it does
 * after MADV_DONTNEED.
 */
final class AdviseOperation {
    private final AddressSpace space;

    AdviseOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * @throws KernelException INVALID_ARGUMENT for an unaligned start, a range that wraps around, or advice that a region of
     *     that kind cannot take; UNMAPPED_MEMORY where there are gaps; TRY_AGAIN where a split
     *     would exceed the number of regions
     */
    void advise(long start, long lengthBytes, MemoryAdvice advice) throws KernelException {
        long roundedBytes = AddressSpace.roundUp(lengthBytes);
        long end = start + roundedBytes;
        if (!AddressSpace.isPageAligned(start)
                || lengthBytes != 0 && roundedBytes == 0
                || Long.compareUnsigned(end, start) < 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (roundedBytes == 0) {
            return;
        }
        // Beyond user space there is only a gap.
        long userEnd = space.layout().userEnd();
        long from = Long.compareUnsigned(start, userEnd) < 0 ? start : userEnd;
        long to = Long.compareUnsigned(end, userEnd) < 0 ? end : userEnd;
        boolean hasGaps = from != start || to != end;
        RegionMap regions = space.regions();
        if (!regions.hasRoomFor(regions.addedByChanging(from, to))) {
            throw KernelError.TRY_AGAIN.exception();
        }
        long reached = from;
        for (Region at = regions.firstIn(reached, to); at != null; at = regions.firstIn(reached, to)) {
            long partStart = Math.max(at.start(), reached);
            long partEnd = Math.min(at.end(), to);
            hasGaps |= partStart > reached;
            space.services().meter().regionLookup();
            adviseWithin(at, partStart, partEnd, advice);
            reached = partEnd;
        }
        if (hasGaps || reached < to) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
    }

    private void adviseWithin(Region region, long from, long to, MemoryAdvice advice) throws KernelException {
        switch (advice) {
            case NORMAL, RANDOM, SEQUENTIAL -> {
                // Nothing here is read ahead.
            }
            case WILLNEED -> readIn(region, from, to);
            case DONTNEED -> discard(region, from, to);
            case FREE -> {
                if (region.backing() != null || region.isShared()) {
                    throw KernelError.INVALID_ARGUMENT.exception();
                }
                discard(region, from, to);
            }
            case DONTFORK -> space.setAdvice(region, from, to, region.advice() | Advice.DONT_FORK);
            case DOFORK -> {
                if (region.isDevice()) {
                    throw KernelError.INVALID_ARGUMENT.exception();
                }
                space.setAdvice(region, from, to, region.advice() & ~Advice.DONT_FORK);
            }
            case HUGEPAGE -> space.setAdvice(region, from, to, region.advice() & ~Advice.NO_HUGE | Advice.HUGE);
            case NOHUGEPAGE -> space.setAdvice(region, from, to, region.advice() & ~Advice.HUGE | Advice.NO_HUGE);
        }
    }

    /** The pages go; of a file those that were written privately are lost, the others are in its page cache. */
    private void discard(Region region, long from, long to) throws KernelException {
        if (region.has(Advice.LOCKED) || region.isDevice()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        space.discardPages(from, to);
    }

    /** Brings pages of a file into its page cache, as far as memory goes; nothing is mapped. */
    private static void readIn(Region region, long from, long to) {
        if (!(region.backing() instanceof FileBacking file)) {
            return;
        }
        long filePages = file.inode().sizeBytes() + PagingMode.PAGE_BYTES - 1 >>> 12;
        long last = Math.min(filePages, region.filePage(to - 1) + 1);
        try {
            for (long page = region.filePage(from); page < last; page++) {
                file.inode().page(page);
            }
        } catch (KernelException outOfMemory) {
            // It was advice.
        }
    }
}
