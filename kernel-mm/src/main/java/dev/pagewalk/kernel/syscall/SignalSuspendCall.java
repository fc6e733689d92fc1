package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.signal.SignalState;

/** rt_sigsuspend(mask, size of a set): waits, with another mask, until a handler has run. It always fails with EINTR. */
final class SignalSuspendCall extends SystemCall {
    SignalSuspendCall() {
        super(133, "rt_sigsuspend", ParameterKind.SIGNAL_SET, ParameterKind.SIZE);
    }

    @Override
    protected boolean isRestartable(CallContext call) {
        return false;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        SignalState state = call.task().signals();
        if (!state.isSuspended()) {
            UserWords.requireSetSize(call.argument(1));
            state.suspend(UserWords.readLong(call, call.argument(0)));
            call.services().signals().retarget(call.task());
        }
        call.waitFor(new WaitReason(WaitReason.Kind.SIGNAL, call.process().pid()));
        return 0;
    }
}
