package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.space.SpaceLock;

/** set_tid_address(address): where a 0 says that the calling task has ended. Source: Linux, kernel/fork.c. */
final class SetTidAddress extends SystemCall {
    SetTidAddress() {
        super(96, "set_tid_address", ParameterKind.ADDRESS);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) {
        call.task().setClearChildTidAddress(call.argument(0));
        return call.task().tid();
    }
}
