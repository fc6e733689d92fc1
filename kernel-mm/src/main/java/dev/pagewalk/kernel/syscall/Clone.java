package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.ForkRequest;

/**
 * clone(flags, stack, parent's tid address, tls, child's tid address) as fork (S19, S38): a new process with a copy of the
 * caller's memory. Sharing memory or anything else is refused.
 */
final class Clone extends SystemCall {
    private static final long EXIT_SIGNAL = 0xFF;
    private static final long PARENT_SETTID = 0x0010_0000;
    /** Only threads of one process can see it done. */
    private static final long CHILD_CLEARTID = 0x0020_0000;

    private static final long CHILD_SETTID = 0x0100_0000;

    Clone() {
        super(
                220,
                "clone",
                ParameterKind.CLONE_FLAGS,
                ParameterKind.ADDRESS,
                ParameterKind.ADDRESS,
                ParameterKind.ADDRESS,
                ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long flags = call.argument(0);
        long known = EXIT_SIGNAL | PARENT_SETTID | CHILD_CLEARTID | CHILD_SETTID;
        if ((flags & ~known) != 0 || (flags & EXIT_SIGNAL) != Signal.SIGCHLD.number()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        ForkRequest request = new ForkRequest(
                call.argument(1),
                (flags & PARENT_SETTID) != 0 ? call.argument(2) : 0,
                (flags & CHILD_SETTID) != 0 ? call.argument(4) : 0);
        call.leaveWork(call.services().forks().begin(call.task(), request));
        return 0;
    }
}
