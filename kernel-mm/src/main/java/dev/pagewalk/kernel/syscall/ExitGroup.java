package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.process.WaitStatus;

/** exit_group(status): the end of the process, whatever its tasks are doing. */
final class ExitGroup extends SystemCall {
    ExitGroup() {
        super(94, "exit_group", ParameterKind.NUMBER);
    }

    @Override
    protected long execute(CallContext call) {
        call.exit(WaitStatus.exited((int) call.argument(0) & 0xFF));
        return 0;
    }
}
