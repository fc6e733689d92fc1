package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.process.WaitStatus;

/** exit and exit_group: while every process has one thread, the two do the same. */
final class Exit extends SystemCall {
    private Exit(int number, String name) {
        super(number, name, ParameterKind.NUMBER);
    }

    static Exit thread() {
        return new Exit(93, "exit");
    }

    static Exit group() {
        return new Exit(94, "exit_group");
    }

    @Override
    protected long execute(CallContext call) {
        call.exit(WaitStatus.exited((int) call.argument(0) & 0xFF));
        return 0;
    }
}
