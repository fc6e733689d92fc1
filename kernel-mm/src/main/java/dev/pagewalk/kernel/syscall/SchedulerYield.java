package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.space.SpaceLock;

/** sched_yield(): others go first. */
final class SchedulerYield extends SystemCall {
    SchedulerYield() {
        super(124, "sched_yield");
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) {
        call.yieldTurn();
        return 0;
    }
}
