package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.SpaceLock;

/**
 * set_robust_list(head, length): where a thread lists the locks that it holds, for the kernel to release when it dies. Every
 * thread of a C library makes the call; nobody's locks are released here.
 */
final class SetRobustList extends SystemCall {
    /** {@code struct robust_list_head}. */
    private static final long HEAD_BYTES = 24;

    SetRobustList() {
        super(99, "set_robust_list", ParameterKind.ADDRESS, ParameterKind.SIZE);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        if (call.argument(1) != HEAD_BYTES) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        return 0;
    }
}
