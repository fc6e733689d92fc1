package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.SpaceLock;

/** munlockall(): unlocks what is mapped, and no longer locks what will be. */
final class Munlockall extends SystemCall {
    Munlockall() {
        super(231, "munlockall");
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) {
        AddressSpace space = call.process().space();
        space.setInitialAdvice(Advice.NONE);
        space.lockAll(Advice.NONE);
        return 0;
    }
}
