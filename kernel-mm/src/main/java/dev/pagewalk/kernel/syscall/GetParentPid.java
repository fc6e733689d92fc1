package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.space.SpaceLock;

/** getppid(): 0 for the first process, which nobody has forked. */
final class GetParentPid extends SystemCall {
    GetParentPid() {
        super(173, "getppid");
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) {
        return call.process().parentPid();
    }
}
