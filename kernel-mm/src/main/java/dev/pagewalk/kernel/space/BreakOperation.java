package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * brk: moves the end of the heap, which is one region however often it is called. Source: Linux, mm/mmap.c,
 * {@code SYSCALL_DEFINE1(brk)}: below the heap's start it only asks; a failure returns the old break.
 */
final class BreakOperation {
    private final AddressSpace space;

    BreakOperation(AddressSpace space) {
        this.space = space;
    }

    /** Returns the break afterwards: {@code address} where it was moved there, else the old one. */
    long moveTo(long address) {
        ProgramBreak heap = space.programBreak();
        space.services().meter().regionLookup();
        try {
            heap.check(address);
            long oldEnd = AddressSpace.roundUp(heap.current());
            long newEnd = AddressSpace.roundUp(address);
            if (newEnd > oldEnd) {
                if (!canGrow(oldEnd, newEnd)) {
                    return heap.current();
                }
                space.services().meter().regionChange();
                int protection = RegionKind.HEAP.defaultProtection();
                space.regions()
                        .insert(new Region(oldEnd, newEnd, RegionKind.HEAP, protection, null, space.initialAdvice()));
            } else if (newEnd < oldEnd) {
                space.unmap(newEnd, oldEnd - newEnd);
            }
            heap.moveTo(address);
        } catch (KernelException refused) {
            // The guest learns of every refusal in the same way: the break has not moved.
            return heap.current();
        }
        return heap.current();
    }

    private boolean canGrow(long oldEnd, long newEnd) {
        // Linux asks for a free page beyond the new break: "check against existing mmap mappings".
        return newEnd <= space.layout().stackReserveStart()
                && !space.regions().overlaps(oldEnd, newEnd + PagingMode.PAGE_BYTES)
                && space.regions().hasRoomFor(1);
    }
}
