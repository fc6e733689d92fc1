package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.Pte;

/**
 * Brings a page of a mapped file from the page cache (S26, S39). A shared mapping maps the cache's own frame; so does a
 * private one until it is stored to, without the right to write. Source: Linux, mm/memory.c, {@code do_read_fault}, {@code
 * do_cow_fault}, {@code do_shared_fault}.
 */
final class FilePageOperation {
    private final AddressSpace space;
    private final FrameAllocator frames;

    FilePageOperation(AddressSpace space) {
        this.space = space;
        this.frames = space.services().frames();
    }

    /**
     * @param address anywhere in the page, which no PTE maps yet
     * @throws KernelException PAST_END_OF_FILE, OUT_OF_MEMORY; then no translation has changed
     */
    PageChange bring(Region region, FileBacking file, long address, AccessType access) throws KernelException {
        if (!file.shared() && access == AccessType.STORE) {
            bringCopy(region, file, address);
            return PageChange.COPY;
        }
        boolean isNew =
                region.kind() == RegionKind.SHARED && file.inode().pageIfResident(region.filePage(address)) == 0;
        bringCached(region, file, address, access);
        return isNew ? PageChange.ZERO : PageChange.FILE;
    }

    private void bringCached(Region region, FileBacking file, long address, AccessType access) throws KernelException {
        long rights = Protection.pteRights(region.protection());
        long page = region.filePage(address);
        boolean storesReachIt = file.shared() && (rights & Pte.W) != 0;
        if (!storesReachIt) {
            rights &= ~Pte.W;
        }
        long cached = file.inode().page(page);
        frames.share(cached);
        try {
            space.install(address, 0, KernelPte.touched(KernelPte.userPage(cached, rights, 0), access));
        } catch (KernelException outOfMemory) {
            frames.release(cached);
            throw outOfMemory;
        }
        if (storesReachIt) {
            file.inode().pageToWrite(page);
        }
    }

    private void bringCopy(Region region, FileBacking file, long address) throws KernelException {
        long cached = file.inode().page(region.filePage(address));
        // With an owner more, the cache keeps it while memory is found for the copy.
        frames.share(cached);
        long copy;
        try {
            copy = frames.allocateCopy(cached, 0, FrameUse.USER);
        } finally {
            frames.release(cached);
        }
        long rights = Protection.pteRights(region.protection());
        try {
            space.install(address, 0, KernelPte.touched(KernelPte.userPage(copy, rights, 0), AccessType.STORE));
        } catch (KernelException outOfMemory) {
            frames.release(copy);
            throw outOfMemory;
        }
    }

    /**
     * Lets stores through to a page of a shared mapping that only loads have needed so far: the cache has to know that it is
     * written. Source: Linux, mm/memory.c, {@code wp_page_shared}.
     *
     * @throws KernelException PAST_END_OF_FILE
     */
    PageChange makeWritable(Region region, PageEntry entry, long address) throws KernelException {
        ((FileBacking) region.backing()).inode().pageToWrite(region.filePage(address));
        space.grant(entry, KernelPte.touched(entry.pte() | Pte.W, AccessType.STORE), address);
        return PageChange.FILE;
    }
}
