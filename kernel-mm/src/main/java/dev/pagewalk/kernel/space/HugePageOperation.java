package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * Brings 2 MiB of zeros at once, where that is wanted, the region has room for it, and nothing is there yet (S14). Source:
 * Linux, mm/huge_memory.c, {@code do_huge_pmd_anonymous_page}: whatever stands in the way, the page will be small.
 */
final class HugePageOperation {
    /** Of the frames that a huge page takes: 512 in a row. */
    static final int ORDER = 9;

    static final long SIZE_BYTES = PagingMode.pageSizeBytes(KernelPte.HUGE_LEVEL);

    private final AddressSpace space;
    private final FrameAllocator frames;

    HugePageOperation(AddressSpace space) {
        this.space = space;
        this.frames = space.services().frames();
    }

    /**
     * @param entry what was found at the address: nothing
     * @return whether the page is there; otherwise nothing has changed
     */
    boolean tryInstall(Region region, PageEntry entry, long address, AccessType access) {
        long start = address & -SIZE_BYTES;
        boolean hasRoom = start >= region.start() && start + SIZE_BYTES <= region.end();
        // An empty table may still stand in harts' walk caches: it stays.
        if (!space.services().hugePages().wantedIn(region) || !hasRoom || !entry.lacksTable()) {
            return false;
        }
        try {
            install(region, start, frames.allocateContiguous(ORDER, FrameUse.USER), access);
            return true;
        } catch (KernelException outOfMemory) {
            return false;
        }
    }

    private void install(Region region, long start, long firstFrame, AccessType access) throws KernelException {
        long rights = Protection.pteRights(region.protection());
        long pte = KernelPte.touched(KernelPte.userPage(firstFrame, rights, 0), access);
        try {
            space.install(start, KernelPte.HUGE_LEVEL, pte);
        } catch (KernelException outOfMemory) {
            KernelPte.forEachFrame(KernelPte.HUGE_LEVEL, pte, frames::release);
            throw outOfMemory;
        }
    }
}
