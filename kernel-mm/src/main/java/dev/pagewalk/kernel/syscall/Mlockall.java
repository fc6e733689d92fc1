package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.SpaceLock;

/** mlockall(flags): locks what is mapped now, what will be mapped, or both. Source: Linux, mm/mlock.c. */
final class Mlockall extends SystemCall {
    static final int MCL_CURRENT = 1;
    static final int MCL_FUTURE = 2;
    static final int MCL_ONFAULT = 4;

    Mlockall() {
        super(230, "mlockall", ParameterKind.LOCK_ALL_FLAGS);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int flags = (int) call.argument(0);
        if ((flags & (MCL_CURRENT | MCL_FUTURE)) == 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        int lock = (flags & MCL_ONFAULT) == 0 ? Advice.LOCKED : Advice.LOCKED | Advice.LOCKED_ON_FAULT;
        AddressSpace space = call.process().space();
        space.setInitialAdvice((flags & MCL_FUTURE) != 0 ? lock : Advice.NONE);
        if ((flags & MCL_CURRENT) != 0) {
            space.lockAll(lock);
            call.populate(0, space.layout().userEnd());
        }
        return 0;
    }
}
