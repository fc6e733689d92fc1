package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.signal.SignalState;

/** rt_sigprocmask(how, new, old, size of a set). */
final class SignalMaskCall extends SystemCall {
    private static final int BLOCK = 0;
    private static final int UNBLOCK = 1;
    private static final int SET = 2;

    SignalMaskCall() {
        super(
                135,
                "rt_sigprocmask",
                ParameterKind.MASK_CHANGE,
                ParameterKind.SIGNAL_SET,
                ParameterKind.OLD_SIGNAL_SET,
                ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long newAddress = call.argument(1);
        long oldAddress = call.argument(2);
        UserWords.requireSetSize(call.argument(3));
        SignalState state = call.task().signals();
        long old = state.blocked();
        if (newAddress != 0) {
            long set = UserWords.readLong(call, newAddress);
            state.block(
                    switch ((int) call.argument(0)) {
                        case BLOCK -> old | set;
                        case UNBLOCK -> old & ~set;
                        case SET -> set;
                        default -> throw KernelError.INVALID_ARGUMENT.exception();
                    });
            call.services().signals().retarget(call.task());
        }
        if (oldAddress != 0) {
            UserWords.writeLong(call, oldAddress, old);
        }
        return 0;
    }
}
