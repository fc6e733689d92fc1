package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.mmu.access.AccessType;

/**
 * Makes one page of a region accessible: it is there, or it is brought, or a store gets its own. The PTE is the only record
 * of what has been brought (S40).
 */
final class AccessOperation {
    private final AddressSpace space;
    private final PageTable pageTable;

    AccessOperation(AddressSpace space) {
        this.space = space;
        this.pageTable = space.pageTable();
    }

    /**
     * @param access one that the region allows
     * @throws KernelException OUT_OF_MEMORY, PAST_END_OF_FILE; then no translation has changed
     */
    PageChange makeAccessible(Region region, long address, AccessType access) throws KernelException {
        PageEntry entry = pageTable.find(address);
        if (!entry.isPresent()) {
            // A page in transit is on its way already.
            return space.isInTransit(address) ? PageChange.NONE : bring(region, entry, address, access);
        }
        if (KernelPte.permits(entry.pte(), access)) {
            // The hart's TLB did not know yet, or the hardware leaves A and D to the kernel (Svade).
            space.grant(entry, KernelPte.touched(entry.pte(), access), address);
            return PageChange.NONE;
        }
        if (access != AccessType.STORE || region.isDevice()) {
            throw new IllegalStateException(entry + " grants less than " + region);
        }
        return region.isShared()
                ? new FilePageOperation(space).makeWritable(region, entry, address)
                : new CopyOnWriteOperation(space).makeOwn(region, entry, address);
    }

    /**
     * Gives the space a page that it may change whatever the region's protection, for it alone unless the region is shared.
     *
     * @return where the byte at the address stands in RAM
     * @throws KernelException as above
     */
    long own(Region region, long address) throws KernelException {
        PageEntry entry = pageTable.find(address);
        if (!entry.isPresent() && !space.isInTransit(address)) {
            bring(region, entry, address, AccessType.STORE);
        } else if (entry.isPresent() && !region.isShared() && !space.isOwn(entry.level(), entry.pte())) {
            new CopyOnWriteOperation(space).makeOwn(region, entry, address);
        }
        return space.entryOf(address).physicalAddress(address);
    }

    private PageChange bring(Region region, PageEntry entry, long address, AccessType access) throws KernelException {
        if (region.backing() instanceof FileBacking file) {
            return new FilePageOperation(space).bring(region, file, address, access);
        }
        if (region.isDevice()) {
            throw new IllegalStateException("mmap maps all of a device: " + region);
        }
        if (!new HugePageOperation(space).tryInstall(region, entry, address, access)) {
            new ZeroPageOperation(space).install(region, address, access);
        }
        return PageChange.ZERO;
    }
}
