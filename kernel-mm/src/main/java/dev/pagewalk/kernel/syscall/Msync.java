package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/** msync(address, length, flags). */
final class Msync extends SystemCall {
    static final int MS_ASYNC = 1;
    static final int MS_INVALIDATE = 2;
    static final int MS_SYNC = 4;

    private static final int ALL = MS_ASYNC | MS_INVALIDATE | MS_SYNC;

    Msync() {
        super(227, "msync", ParameterKind.ADDRESS, ParameterKind.SIZE, ParameterKind.SYNC_FLAGS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int flags = (int) call.argument(2);
        boolean contradicts = (flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0;
        if ((flags & ~ALL) != 0 || contradicts) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        call.process().space().sync(call.argument(0), call.argument(1), (flags & MS_INVALIDATE) != 0);
        return 0;
    }
}
