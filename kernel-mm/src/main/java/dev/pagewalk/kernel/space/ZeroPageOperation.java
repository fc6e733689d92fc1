package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.mmu.access.AccessType;

/** Brings a page of zeros, mapped as its region is protected (S15, S39). */
final class ZeroPageOperation {
    private final AddressSpace space;

    ZeroPageOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * @param address anywhere in the page, which no PTE maps yet
     * @throws KernelException OUT_OF_MEMORY; then nothing has changed
     */
    void install(Region region, long address, AccessType access) throws KernelException {
        FrameAllocator frames = space.services().frames();
        long frame = frames.allocate(FrameUse.USER);
        long rights = Protection.pteRights(region.protection());
        try {
            space.install(address, 0, KernelPte.touched(KernelPte.userPage(frame, rights, 0), access));
        } catch (KernelException outOfMemory) {
            frames.release(frame);
            throw outOfMemory;
        }
    }
}
