package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * Faults the pages of a range in before anybody touches them: for MAP_POPULATE and mlockall step by step, for mlock all at
 * once. Source: Linux, mm/gup.c, {@code populate_vma_page_range} and {@code __mm_populate}.
 */
final class PopulateOperation {
    private static final int PAGES_A_STEP = 256;

    private final AddressSpace space;

    PopulateOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * Brings the next pages. What cannot be brought is passed over: the mapping stands, and the rest faults in later.
     *
     * @return the address that was reached: {@code end} where all is done, or where memory has run out
     */
    long step(long address, long end) {
        Region region = space.regions().firstIn(address, end);
        if (region == null) {
            return end;
        }
        long from = Math.max(address, region.start());
        long regionEnd = Math.min(end, region.end());
        if (!isAccessible(region) || isLeftOut(region)) {
            return regionEnd;
        }
        long stepEnd = Math.min(regionEnd, from + (long) PAGES_A_STEP * PagingMode.PAGE_BYTES);
        try {
            bring(region, from, stepEnd);
            return stepEnd;
        } catch (KernelException noPage) {
            return noPage.error() == KernelError.OUT_OF_MEMORY ? end : regionEnd;
        }
    }

    /**
     * Brings all pages of a range without gaps, which is about to be locked. Source: Linux, mm/mlock.c, {@code
     * __mlock_posix_error_return}, for the errors.
     *
     * @return null, or UNMAPPED_MEMORY at a page that cannot be accessed, TRY_AGAIN where memory runs out; the pages before
     *     stay
     */
    KernelError all(long start, long end) {
        long reached = start;
        for (Region at = space.regions().find(reached);
                at != null && reached < end;
                at = space.regions().find(reached)) {
            long to = Math.min(at.end(), end);
            if (!at.isSpecial() && !isAccessible(at)) {
                return KernelError.UNMAPPED_MEMORY;
            }
            try {
                if (!at.isSpecial()) {
                    // As if the lock had split the region already: no huge page reaches beyond it.
                    bring(at.between(reached, to), reached, to);
                }
            } catch (KernelException noPage) {
                boolean noMemory = noPage.error() == KernelError.OUT_OF_MEMORY;
                return noMemory ? KernelError.TRY_AGAIN : KernelError.UNMAPPED_MEMORY;
            }
            reached = to;
        }
        return null;
    }

    private static boolean isAccessible(Region region) {
        return Protection.pteRights(region.protection()) != 0;
    }

    /** A device is there as a whole; what is locked on fault waits for its faults. */
    private static boolean isLeftOut(Region region) {
        return region.isSpecial() || region.has(Advice.LOCKED_ON_FAULT);
    }

    private void bring(Region region, long from, long to) throws KernelException {
        AccessType access = accessFor(region);
        // A page that lacks the right counts as missing: a store would get a copy of it.
        for (long page = from; page < to; page += PagingMode.PAGE_BYTES) {
            if (!KernelPte.permits(space.pageTable().peek(page), access)) {
                space.makeAccessible(region, page, access);
            }
        }
    }

    /** As the guest is likely to touch it first: a write where it may write to memory of its own. */
    private static AccessType accessFor(Region region) {
        if (Protection.permits(region.protection(), AccessType.STORE) && !region.isShared()) {
            return AccessType.STORE;
        }
        return Protection.permits(region.protection(), AccessType.LOAD) ? AccessType.LOAD : AccessType.FETCH;
    }
}
