package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.WaitStatus;

/** rt_sigreturn(): back from a signal handler. */
final class SignalReturnCall extends SystemCall {
    SignalReturnCall() {
        super(139, "rt_sigreturn");
    }

    @Override
    protected long execute(CallContext call) {
        try {
            call.services()
                    .signalHandlers()
                    .leave(call.hart(), call.space(), call.task().signals());
            call.services().signals().retarget(call.task());
            call.keepRegisters();
            return call.argument(0);
        } catch (KernelException noFrame) {
            // Linux forces a SIGSEGV; there is no frame a handler of it could return to.
            call.exit(WaitStatus.killed(Signal.SIGSEGV.number()));
            return 0;
        }
    }
}
