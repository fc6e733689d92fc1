package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * mlock, munlock, mlockall, munlockall: notes in the regions what is locked. This kernel takes no page out of RAM, so a lock
 * only brings the pages, and keeps madvise and msync from dropping them.
 *
 * <p>Source: mlock(2) and Linux, mm/mlock.c: regions before a gap are changed, then the gap is ENOMEM. There is no limit on
 * what may be locked.
 */
final class LockOperation {
    private final AddressSpace space;
    private final RegionMap regions;

    LockOperation(AddressSpace space) {
        this.space = space;
        this.regions = space.regions();
    }

    /**
     * Locks a range and, unless it is locked on fault, brings its pages.
     *
     * @param start any address: the page that holds it is the first
     * @throws KernelException INVALID_ARGUMENT for a range that wraps around; UNMAPPED_MEMORY where it meets a gap, or memory
     *     that cannot be accessed, and only the regions' locks stay then; RESOURCE_EXHAUSTED where a split would exceed
     *     the number of regions; TRY_AGAIN where memory runs out, and nothing is locked then
     */
    void lock(long start, long lengthBytes, int lock) throws KernelException {
        long from = firstPage(start);
        long end = checkedEnd(start, lengthBytes);
        KernelError wrong = null;
        if ((lock & Advice.LOCKED_ON_FAULT) == 0 && isMapped(from, end)) {
            wrong = new PopulateOperation(space).all(from, end);
        }
        if (wrong == KernelError.TRY_AGAIN) {
            throw wrong.exception();
        }
        setLock(from, end, lock);
        if (wrong != null) {
            throw wrong.exception();
        }
    }

    private boolean isMapped(long from, long end) {
        long reached = from;
        for (Region at = regions.find(reached); at != null && reached < end; at = regions.find(reached)) {
            reached = at.end();
        }
        return reached >= end;
    }

    /** @throws KernelException as {@link #lock}, as far as regions are concerned */
    void unlock(long start, long lengthBytes) throws KernelException {
        setLock(firstPage(start), checkedEnd(start, lengthBytes), Advice.NONE);
    }

    void lockAll(int lock) {
        long reached = 0;
        for (Region at = next(reached); at != null; at = next(reached)) {
            lockWithin(at, Math.max(reached, at.start()), at.end(), lock);
            reached = at.end();
        }
    }

    private Region next(long reached) {
        return regions.firstIn(reached, Long.MAX_VALUE);
    }

    private void setLock(long from, long end, int lock) throws KernelException {
        long reached = from;
        for (Region at = regions.find(reached); at != null && reached < end; at = regions.find(reached)) {
            long to = Math.min(at.end(), end);
            lockWithin(at, reached, to, lock);
            reached = to;
        }
        if (reached != end) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
    }

    private static long firstPage(long start) {
        return start & PagingMode.PAGE_MASK;
    }

    /** The end of a range, which its lock may split from what follows. */
    private long checkedEnd(long start, long lengthBytes) throws KernelException {
        long from = firstPage(start);
        long end = from + AddressSpace.roundUp(lengthBytes + (start & ~PagingMode.PAGE_MASK));
        if (Long.compareUnsigned(end, from) < 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (from >= 0 && end < 0) {
            // No user space reaches there.
            end = Long.MAX_VALUE & PagingMode.PAGE_MASK;
        }
        if (end != from && !regions.hasRoomFor(regions.addedByChanging(from, end))) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        return end;
    }

    private void lockWithin(Region region, long from, long to, int lock) {
        space.services().meter().regionLookup();
        if (!region.isSpecial()) {
            space.setAdvice(region, from, to, region.advice() & ~Advice.LOCKS | lock);
        }
    }
}
