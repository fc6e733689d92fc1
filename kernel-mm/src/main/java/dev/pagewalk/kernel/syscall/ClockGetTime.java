package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;

/** clock_gettime(clock, timespec). */
final class ClockGetTime extends SystemCall {
    ClockGetTime() {
        super(113, "clock_gettime", ParameterKind.CLOCK, ParameterKind.TIME_OUT);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int clock = (int) call.argument(0);
        Clocks.require(clock);
        byte[] timespec = Clocks.timespec(Clocks.seconds(clock, call), Clocks.nanoseconds(call));
        call.userMemory().copyAllToUser(call.space(), call.argument(1), timespec);
        return 0;
    }
}
