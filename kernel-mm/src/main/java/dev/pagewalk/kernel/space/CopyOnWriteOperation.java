package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
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
        // Of a huge page only the piece at the address becomes the space's own.
        long shared = entry.physicalAddress(address & PagingMode.PAGE_MASK);
        if (entry.isHuge() && space.isOwnFrame(shared)) {
            return reuse(region, piece(entry, address), address);
        }
        long own = space.services().frames().allocateCopy(shared, 0, FrameUse.USER);
        replace(region, piece(entry, address), own);
        return PageChange.COPY;
    }

    private PageEntry piece(PageEntry entry, long address) {
        if (!entry.isHuge()) {
            return entry;
        }
        space.pageTable().split(entry);
        return space.pageTable().find(address);
    }

    private PageChange reuse(Region region, PageEntry entry, long address) {
        long rights = Protection.pteRights(region.protection());
        space.grant(entry, KernelPte.touched(KernelPte.withRights(entry.pte(), rights), AccessType.STORE), address);
        return PageChange.REUSE;
    }

    /** Clear, shoot down, install: in that order, so that no hart stores to one frame while another reads the other. */
    private void replace(Region region, PageEntry entry, long own) {
        space.pageTable().write(entry, 0);
        InvalidationBatch batch = space.invalidationBatch();
        batch.unhooked(entry.virtualAddress(), Pte.physicalAddress(entry.pte()));
        long rights = Protection.pteRights(region.protection());
        batch.replaces(entry.virtualAddress(), KernelPte.touched(KernelPte.userPage(own, rights, 0), AccessType.STORE));
        batch.issue();
    }
}
