package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * MAP_POPULATE, step by step. Source: Linux, mm/gup.c, {@code __mm_populate}: a populate that fails is ignored, the
 * mapping stands and the rest faults in later.
 */
final class PopulateOperation {
    private static final int PAGES_A_STEP = 256;

    private final AddressSpace space;

    PopulateOperation(AddressSpace space) {
        this.space = space;
    }

    long step(long address, long end) {
        Region region = space.regions().find(address);
        if (region == null || Protection.pteRights(region.protection()) == 0) {
            return end;
        }
        AccessType access = accessFor(region);
        long stepEnd = Math.min(end, address + (long) PAGES_A_STEP * PagingMode.PAGE_BYTES);
        try {
            for (long page = address; page < stepEnd; page += PagingMode.PAGE_BYTES) {
                if (!KernelPte.isPresent(space.pageTable().peek(page))) {
                    space.makeAccessible(region, page, access);
                }
            }
        } catch (KernelException noPage) {
            return end;
        }
        return stepEnd;
    }

    /** As the guest is likely to touch it first: a write where it may write. */
    private static AccessType accessFor(Region region) {
        if (Protection.permits(region.protection(), AccessType.STORE)) {
            return AccessType.STORE;
        }
        return Protection.permits(region.protection(), AccessType.LOAD) ? AccessType.LOAD : AccessType.FETCH;
    }
}
