package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.SpaceLock;

/** mlock(address, length), and mlock2(address, length, flags). */
final class Mlock extends SystemCall {
    static final int MLOCK_ONFAULT = 1;

    private final boolean hasFlags;

    private Mlock(int number, String name, boolean hasFlags, ParameterKind... parameters) {
        super(number, name, parameters);
        this.hasFlags = hasFlags;
    }

    static Mlock plain() {
        return new Mlock(228, "mlock", false, ParameterKind.ADDRESS, ParameterKind.SIZE);
    }

    static Mlock withFlags() {
        return new Mlock(284, "mlock2", true, ParameterKind.ADDRESS, ParameterKind.SIZE, ParameterKind.LOCK_FLAGS);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int flags = hasFlags ? (int) call.argument(2) : 0;
        if ((flags & ~MLOCK_ONFAULT) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        int lock = flags == 0 ? Advice.LOCKED : Advice.LOCKED | Advice.LOCKED_ON_FAULT;
        call.process().space().lock(call.argument(0), call.argument(1), lock);
        return 0;
    }
}
