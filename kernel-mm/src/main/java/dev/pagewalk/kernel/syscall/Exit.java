package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.process.WaitStatus;

/** exit(status): the end of the calling task, and of its process where it is the last. */
final class Exit extends SystemCall {
    Exit() {
        super(93, "exit", ParameterKind.NUMBER);
    }

    @Override
    protected long execute(CallContext call) {
        call.exitThread(WaitStatus.exited((int) call.argument(0) & 0xFF));
        return 0;
    }
}
