package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.signal.SignalState;
import java.util.Arrays;

/** rt_sigpending(set, size of a set): what is blocked and has been sent. */
final class SignalPendingCall extends SystemCall {
    SignalPendingCall() {
        super(136, "rt_sigpending", ParameterKind.OLD_SIGNAL_SET, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        // Linux takes shorter sets here.
        if (Long.compareUnsigned(call.argument(1), Long.BYTES) > 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        SignalState state = call.task().signals();
        byte[] set = UserWords.allocate(Long.BYTES)
                .putLong(state.pendingSet() & state.blocked())
                .array();
        call.userMemory().copyAllToUser(call.space(), call.argument(0), Arrays.copyOf(set, (int) call.argument(1)));
        return 0;
    }
}
