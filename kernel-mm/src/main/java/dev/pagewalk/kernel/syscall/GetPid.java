package dev.pagewalk.kernel.syscall;

/** getpid(). */
final class GetPid extends SystemCall {
    GetPid() {
        super(172, "getpid");
    }

    @Override
    protected long execute(CallContext call) {
        return call.process().pid();
    }
}
