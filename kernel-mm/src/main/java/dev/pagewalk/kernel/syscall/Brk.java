package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.SpaceLock;
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
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        AddressSpace space = call.process().space();
        space.prepareBreak(call.argument(0));
        long before = space.programBreak().current();
        long after = space.moveBreak(call.argument(0));
        if (after > before) {
            call.populateIfLocked(before & PagingMode.PAGE_MASK, after - (before & PagingMode.PAGE_MASK));
        }
        return after;
    }
}
