package dev.pagewalk.kernel.space;

import dev.pagewalk.mmu.table.PagingMode;

/**
 * Lets the stack's region reach down to a faulting address. Source: Linux, mm/mmap.c, {@code expand_stack_locked}: within
 * the stack's limit, and never close to another mapping.
 */
final class StackGrowth {
    private final AddressSpace space;

    StackGrowth(AddressSpace space) {
        this.space = space;
    }

    /** The stack's region, now containing the address; null where the stack may not reach there. */
    Region growTo(long address) {
        Region grown = reaching(address);
        if (grown != null) {
            space.services().meter().regionChange();
            space.regions().replace(grown);
        }
        return grown;
    }

    /** The stack's region as it would be if it contained the address, which it does not; null where it may not. */
    Region reaching(long address) {
        UserLayout layout = space.layout();
        if (address < layout.stackLimit() || address >= layout.stackTop()) {
            return null;
        }
        long start = address & PagingMode.PAGE_MASK;
        Region above = space.regions().firstIn(start, layout.stackTop());
        if (above == null || above.kind() != RegionKind.STACK) {
            return null;
        }
        if (comesTooClose(start)) {
            return null;
        }
        return above.between(start, above.end());
    }

    /** Whether less than the guard would lie between the stack and an accessible mapping below it. */
    private boolean comesTooClose(long start) {
        Region below = space.regions().below(start);
        return below != null
                && below.kind() != RegionKind.STACK
                && below.protection() != Protection.NONE
                && start - below.end() < space.layout().stackGuardBytes();
    }
}
