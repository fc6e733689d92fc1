package dev.pagewalk.kernel.syscall;

/** brk(address): the system call, which returns the break and never an errno (S17). */
final class Brk extends SystemCall {
    Brk() {
        super(214, "brk", ParameterKind.ADDRESS);
    }

    @Override
    protected boolean returnsAddress() {
        return true;
    }

    @Override
    protected long execute(CallContext call) {
        return call.process().space().moveBreak(call.argument(0));
    }
}
