package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.WaitReason;

/**
 * nanosleep(duration, remainder) and clock_nanosleep(clock, flags, time, remainder). A handler always ends them with EINTR;
 * the remainder is written where they were given a duration. Source: Linux, kernel/time/hrtimer.c and posix-timers.c.
 */
final class Sleep extends SystemCall {
    /** TIMER_ABSTIME: the time is one on the clock, not a duration. */
    static final int ABSOLUTE = 1;

    private final boolean hasClock;

    private Sleep(int number, String name, boolean hasClock, ParameterKind... parameters) {
        super(number, name, parameters);
        this.hasClock = hasClock;
    }

    static Sleep plain() {
        return new Sleep(101, "nanosleep", false, ParameterKind.TIME_IN, ParameterKind.ADDRESS);
    }

    static Sleep onClock() {
        return new Sleep(
                115,
                "clock_nanosleep",
                true,
                ParameterKind.CLOCK,
                ParameterKind.SLEEP_FLAGS,
                ParameterKind.TIME_IN,
                ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        if (!call.isRetry()) {
            int clock = hasClock ? (int) call.argument(0) : Clocks.MONOTONIC;
            requireSleeper(clock);
            Clocks.Timespec time = Clocks.read(call, call.argument(hasClock ? 2 : 0));
            call.task().setDeadlineCycle(isAbsolute(call) ? time.on(clock, call) : time.fromNow(call));
        }
        if (call.isTimedOut()) {
            return 0;
        }
        call.waitFor(new WaitReason(WaitReason.Kind.SLEEP, call.task().tid()));
        return 0;
    }

    private boolean isAbsolute(CallContext call) {
        return hasClock && (call.argument(1) & ABSOLUTE) != 0;
    }

    /** Nobody waits for a task's own CPU time, nor by clocks that are quick to read. */
    private static void requireSleeper(int clock) throws KernelException {
        Clocks.require(clock);
        switch (clock) {
            case Clocks.REALTIME, Clocks.MONOTONIC, Clocks.BOOT_TIME -> {
                // These count whatever the task does.
            }
            case Clocks.THREAD_CPU_TIME -> throw KernelError.INVALID_ARGUMENT.exception();
            default -> throw KernelError.NOT_SUPPORTED.exception();
        }
    }

    @Override
    protected boolean isRestartable(CallContext call) {
        return false;
    }

    @Override
    protected void interrupt(CallContext call) throws KernelException {
        long remainderAddress = call.argument(hasClock ? 3 : 1);
        if (isAbsolute(call) || remainderAddress == 0) {
            return;
        }
        long cycles = Math.max(0, call.task().deadlineCycle() - call.nowCycle());
        call.userMemory()
                .copyAllToUser(call.space(), remainderAddress, Clocks.timespecOfCycles(cycles, call.clockHz()));
    }
}
