package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import java.nio.ByteBuffer;

/**
 * clock_gettime(clock, timespec): simulated time, from power-on or from a fixed epoch, so that runs repeat. The CPU-time
 * clocks count from power-on too: the one process has had the hart since then.
 */
final class ClockGetTime extends SystemCall {
    /** 2026-01-01T00:00:00Z: the wall clock's time at power-on. */
    private static final long EPOCH_SECONDS = 1_767_225_600L;

    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_REALTIME_COARSE = 5;
    private static final int CLOCK_BOOTTIME = 7;

    ClockGetTime() {
        super(113, "clock_gettime", ParameterKind.CLOCK, ParameterKind.TIME_OUT);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int clock = (int) call.argument(0);
        if (clock < CLOCK_REALTIME || clock > CLOCK_BOOTTIME) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        boolean wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
        long cycles = call.nowCycle();
        long seconds = cycles / call.clockHz() + (wall ? EPOCH_SECONDS : 0);
        long nanoseconds = nanosecondsOf(cycles % call.clockHz(), call.clockHz());
        ByteBuffer timespec = UserWords.allocate(16);
        timespec.putLong(seconds).putLong(nanoseconds);
        call.userMemory().copyAllToUser(call.process().space(), call.argument(1), timespec.array());
        return 0;
    }

    /** cycles / hz seconds in nanoseconds, where cycles is less than hz and hz at most 10^11: no step overflows. */
    private static long nanosecondsOf(long cycles, long hz) {
        long scaled = cycles * 1_000_000;
        return scaled / hz * 1_000 + scaled % hz * 1_000 / hz;
    }
}
