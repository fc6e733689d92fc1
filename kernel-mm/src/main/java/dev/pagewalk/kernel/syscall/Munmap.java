package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.SpaceLock;

/** munmap(address, length) (S10). */
final class Munmap extends SystemCall {
    Munmap() {
        super(215, "munmap", ParameterKind.ADDRESS, ParameterKind.SIZE);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        call.process().space().unmap(call.argument(0), call.argument(1));
        return 0;
    }
}
