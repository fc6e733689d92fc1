package dev.pagewalk.kernel.syscall;

/** getppid(): 0 for the first process, which nobody has forked. */
final class GetParentPid extends SystemCall {
    GetParentPid() {
        super(173, "getppid");
    }

    @Override
    protected long execute(CallContext call) {
        return call.process().parentPid();
    }
}
