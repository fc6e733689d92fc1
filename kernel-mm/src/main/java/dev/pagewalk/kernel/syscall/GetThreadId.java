package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.space.SpaceLock;

/** gettid(). */
final class GetThreadId extends SystemCall {
    GetThreadId() {
        super(178, "gettid");
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) {
        return call.task().tid();
    }
}
