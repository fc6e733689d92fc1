package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.space.SpaceLock;

/** getpid(). */
final class GetPid extends SystemCall {
    GetPid() {
        super(172, "getpid");
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) {
        return call.process().pid();
    }
}
