package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.SpaceLock;

/** mprotect(address, length, protection) (S20). */
final class Mprotect extends SystemCall {
    Mprotect() {
        super(226, "mprotect", ParameterKind.ADDRESS, ParameterKind.SIZE, ParameterKind.PROTECTION);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        call.process().space().protect(call.argument(0), call.argument(1), call.argument(2));
        return 0;
    }
}
