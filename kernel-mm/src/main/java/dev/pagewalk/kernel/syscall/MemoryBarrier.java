package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.SpaceLock;

/**
 * membarrier(command, flags, hart): every hart's loads and stores before it are done before those after it. They always are
 * here: harts execute their slices one after the other. Source: Linux, kernel/sched/membarrier.c; membarrier(2).
 */
final class MemoryBarrier extends SystemCall {
    static final int QUERY = 0;
    static final int GLOBAL = 1;
    static final int PRIVATE_EXPEDITED = 8;
    static final int REGISTER_PRIVATE_EXPEDITED = 16;

    MemoryBarrier() {
        super(283, "membarrier", ParameterKind.BARRIER_COMMAND, ParameterKind.NUMBER, ParameterKind.NUMBER);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        if ((int) call.argument(1) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        switch ((int) call.argument(0)) {
            case QUERY -> {
                return GLOBAL | PRIVATE_EXPEDITED | REGISTER_PRIVATE_EXPEDITED;
            }
            case GLOBAL -> {
                return 0;
            }
            case REGISTER_PRIVATE_EXPEDITED -> {
                call.process().registerForBarriers();
                return 0;
            }
            case PRIVATE_EXPEDITED -> {
                if (!call.process().isRegisteredForBarriers()) {
                    throw KernelError.NOT_PERMITTED.exception();
                }
                return 0;
            }
            default -> throw KernelError.INVALID_ARGUMENT.exception();
        }
    }
}
