package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.SpaceLock;

/** munlock(address, length). */
final class Munlock extends SystemCall {
    Munlock() {
        super(229, "munlock", ParameterKind.ADDRESS, ParameterKind.SIZE);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        call.process().space().unlock(call.argument(0), call.argument(1));
        return 0;
    }
}
