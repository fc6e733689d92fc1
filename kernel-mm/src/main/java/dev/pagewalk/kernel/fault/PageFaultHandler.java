package dev.pagewalk.kernel.fault;

import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.shootdown.LocalInvalidation;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.mmu.access.AccessType;

/**
 * Makes a faulting page accessible, or says why it cannot be (S21).
 *
 * <p>Top-down: find the region, growing the stack where the address asks for it; check the region's protection; then
 * bring the page, or notice that it is there already.
 *
 * <p>Next stop on the path of a load: {@link AddressSpace#installZeroPage}.
 */
public final class PageFaultHandler {
    private final CostMeter meter;
    private final LocalInvalidation invalidation;
    private final FaultCounters counters;

    public PageFaultHandler(CostMeter meter, LocalInvalidation invalidation, FaultCounters counters) {
        this.meter = meter;
        this.invalidation = invalidation;
        this.counters = counters;
    }

    /**
     * Handles an access that the MMU refused, or one that the kernel is about to make for the user.
     *
     * @param address any 64-bit value
     * @return null where the access may be tried again, else what is wrong with it
     */
    public FaultClass handle(AddressSpace space, long address, AccessType access) {
        meter.regionLookup();
        Region region = space.regions().find(address);
        if (region == null) {
            region = space.growStack(address);
        }
        if (region == null) {
            return classifyUnmapped(space, address);
        }
        if (!Protection.permits(region.protection(), access)) {
            counters.protection++;
            return access == AccessType.FETCH ? FaultClass.EXEC : FaultClass.PERMISSION;
        }
        PageTable table = space.pageTable();
        PageEntry entry = table.find(address);
        if (entry.isPresent()) {
            // The hart's TLB did not know yet, or the hardware leaves A and D to the kernel (Svade).
            table.write(entry, KernelPte.touched(entry.pte(), access));
            invalidation.flushPage(space.asid(), address);
            counters.spurious++;
            return null;
        }
        return bringPage(space, region, address, access);
    }

    private FaultClass bringPage(AddressSpace space, Region region, long address, AccessType access) {
        try {
            space.installZeroPage(region, address, access);
        } catch (KernelException outOfMemory) {
            return FaultClass.OUT_OF_MEMORY;
        }
        if (region.kind() == RegionKind.STACK) {
            counters.stack++;
        } else {
            counters.demandZero++;
        }
        return null;
    }

    private static FaultClass classifyUnmapped(AddressSpace space, long address) {
        if (space.layout().isInStackGuard(address)) {
            return FaultClass.STACK_OVERFLOW;
        }
        return space.isInCodeRange(address) ? FaultClass.TEXT : FaultClass.INVALID_ADDRESS;
    }
}
