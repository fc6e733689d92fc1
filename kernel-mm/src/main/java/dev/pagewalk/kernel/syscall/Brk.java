package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.table.PagingMode;

/** brk(address): the system call, which returns the break and never an errno (S17). */
final class Brk extends SystemCall {
    Brk() {
        super(214, "brk", ParameterKind.ADDRESS);
    }

    @Override
    protected boolean returnsAddress() {
        return true;
    }

    @Override
    protected long execute(CallContext call) {
        AddressSpace space = call.process().space();
        long before = space.programBreak().current();
        long after = space.moveBreak(call.argument(0));
        if (after > before) {
            call.populateIfLocked(before & PagingMode.PAGE_MASK, after - (before & PagingMode.PAGE_MASK));
        }
        return after;
    }
}
