package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.mmu.table.Pte;

/**
 * mprotect: splits and merges regions, rewrites the rights of their present pages, invalidates what was narrowed.
 *
 * <p>Source: mprotect(2) and Linux, mm/mprotect.c: regions before a gap are changed, then the gap is ENOMEM.
 */
final class ProtectOperation {
    private static final long RIGHTS = Pte.R | Pte.W | Pte.X;

    private final AddressSpace space;

    ProtectOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * @param requested PROT bits; unknown ones are refused
     * @throws KernelException INVALID_ARGUMENT for an unaligned start or unknown bits; UNMAPPED_MEMORY for a range that
     *     wraps around, leaves user space or meets a gap; PERMISSION_DENIED for stores to a shared file that is not open
     *     for writing; RESOURCE_EXHAUSTED where a split would exceed the number of
     *     regions
     */
    void protect(long start, long lengthBytes, long requested) throws KernelException {
        if (!AddressSpace.isPageAligned(start)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (lengthBytes == 0) {
            return;
        }
        long end = AddressSpace.roundUp(start + lengthBytes);
        if (start < 0 || lengthBytes < 0 || end <= start) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
        if (!Protection.isValid(requested)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        int protection = Protection.effective(requested);
        if (!space.regions().hasRoomFor(space.regions().addedByChanging(start, end))) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        InvalidationBatch batch = space.invalidationBatch();
        long reached = start;
        boolean permitted = true;
        for (Region region = space.regions().find(reached);
                region != null && reached < end;
                region = space.regions().find(reached)) {
            permitted = mayBe(region, protection);
            if (!permitted) {
                break;
            }
            long to = Math.min(region.end(), end);
            protectWithin(region, reached, to, protection, batch);
            reached = to;
        }
        batch.issue();
        if (!permitted) {
            throw KernelError.PERMISSION_DENIED.exception();
        }
        if (reached < end) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
    }

    /** Stores through a shared mapping are for those who have opened the file for writing. */
    private static boolean mayBe(Region region, int protection) {
        return (protection & Protection.WRITE) == 0
                || !(region.backing() instanceof FileBacking file)
                || file.mayWrite();
    }

    private void protectWithin(Region region, long from, long to, int protection, InvalidationBatch batch) {
        space.services().meter().regionLookup();
        if (region.protection() == protection) {
            return;
        }
        space.services().meter().regionChange();
        Region changed = region.between(from, to).withProtection(protection);
        space.regions().replace(changed);
        space.pageTable().visitPages(from, to, (address, level, pte) -> {
            long rights = PageRights.of(space, changed, level, pte);
            long before = Pte.isValid(pte) ? pte & RIGHTS : 0;
            if ((before & ~rights) != 0) {
                batch.narrowed(address);
            }
            return KernelPte.withRights(pte, rights);
        });
    }
}
