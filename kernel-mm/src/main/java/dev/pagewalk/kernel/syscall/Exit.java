package dev.pagewalk.kernel.syscall;

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
        call.exit((int) call.argument(0));
        return 0;
    }
}
