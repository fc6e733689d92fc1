package dev.pagewalk.kernel.syscall;

/** gettid(). */
final class GetThreadId extends SystemCall {
    GetThreadId() {
        super(178, "gettid");
    }

    @Override
    protected long execute(CallContext call) {
        return call.task().tid();
    }
}
