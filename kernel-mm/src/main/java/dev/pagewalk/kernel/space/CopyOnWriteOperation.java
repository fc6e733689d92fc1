package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.Pte;

/**
 * A store to a private page that is present but not writable, because others own its frame too, or did (S42, S43). The
 * last owner keeps the frame; any other gets a copy. Source: Linux, mm/memory.c, {@code do_wp_page}.
 */
final class CopyOnWriteOperation {
    private final AddressSpace space;

    CopyOnWriteOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * @throws KernelException OUT_OF_MEMORY; then no translation has changed
     */
    PageChange makeOwn(Region region, PageEntry entry, long address) throws KernelException {
        if (space.isOwn(entry.level(), entry.pte())) {
            return reuse(region, entry, address);
        }
        if (entry.isHuge()) {
            space.pageTable().split(entry);
            return makeOwn(region, space.pageTable().find(address), address);
        }
        copy(region, entry);
        return PageChange.COPY;
    }

    private PageChange reuse(Region region, PageEntry entry, long address) {
        long rights = Protection.pteRights(region.protection());
        space.grant(entry, KernelPte.touched(KernelPte.withRights(entry.pte(), rights), AccessType.STORE), address);
        return PageChange.REUSE;
    }

    /** Clear, shoot down, install: in that order, so that no hart stores to one frame while another reads the other. */
    private void copy(Region region, PageEntry entry) throws KernelException {
        FrameAllocator frames = space.services().frames();
        long shared = Pte.physicalAddress(entry.pte());
        long own = frames.allocateCopy(shared, 0, FrameUse.USER);
        space.pageTable().write(entry, 0);
        InvalidationBatch batch = space.invalidationBatch();
        batch.unhooked(entry.virtualAddress(), shared);
        batch.complete();
        long rights = Protection.pteRights(region.protection());
        long pte = KernelPte.touched(KernelPte.userPage(own, rights, 0), AccessType.STORE);
        space.pageTable().write(entry, pte);
    }
}
