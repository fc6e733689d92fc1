package dev.pagewalk.kernel.fault;

import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.PageChange;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.timeline.KernelTimeline;
import dev.pagewalk.mmu.access.AccessType;

/**
 * Makes a faulting page accessible, or says why it cannot be (S21).
 *
 * <p>Top-down: find the region, growing the stack where the address asks for it; check the region's protection; then
 * let the space make the page accessible, and count what that took.
 *
 * <p>Next stop on the path of a load: {@link AddressSpace#makeAccessible}.
 */
public final class PageFaultHandler {
    private final CostMeter meter;
    private final FaultCounters counters;
    private final KernelTimeline timeline;

    public PageFaultHandler(CostMeter meter, FaultCounters counters, KernelTimeline timeline) {
        this.meter = meter;
        this.counters = counters;
        this.timeline = timeline;
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
        boolean growsStack = region == null;
        if (growsStack) {
            region = space.stackReaching(address);
        }
        if (region == null) {
            return classifyUnmapped(space, address);
        }
        if (!Protection.permits(region.protection(), access)) {
            counters.protection++;
            return access == AccessType.FETCH ? FaultClass.EXEC : FaultClass.PERMISSION;
        }
        try {
            PageChange change = space.makeAccessible(region, address, access);
            if (growsStack) {
                // Only now: without a page there the stack stays as it was.
                space.growStack(address);
            }
            count(region, change);
            return null;
        } catch (KernelException failure) {
            return failure.error() == KernelError.PAST_END_OF_FILE ? FaultClass.BUS : FaultClass.OUT_OF_MEMORY;
        }
    }

    private void count(Region region, PageChange change) {
        switch (change) {
            case NONE -> {
                counters.spurious++;
                timeline.faultWas("spurious");
            }
            case ZERO -> {
                if (region.kind() == RegionKind.STACK) {
                    counters.stack++;
                    timeline.faultWas("stack");
                } else {
                    counters.demandZero++;
                    timeline.faultWas("demand-zero");
                }
            }
            case FILE -> {
                counters.file++;
                timeline.faultWas("file");
            }
            case COPY -> {
                counters.copyOnWrite++;
                timeline.faultWas("copy-on-write");
            }
            case REUSE -> {
                counters.copyOnWriteReuse++;
                timeline.faultWas("copy-on-write reuse");
            }
        }
    }

    private static FaultClass classifyUnmapped(AddressSpace space, long address) {
        if (space.layout().isInStackGuard(address)) {
            return FaultClass.STACK_OVERFLOW;
        }
        return space.isInCodeRange(address) ? FaultClass.TEXT : FaultClass.INVALID_ADDRESS;
    }
}
