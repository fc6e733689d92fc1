package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;

/** clock_getres(clock, timespec): a null pointer asks only whether there is such a clock. */
final class ClockGetResolution extends SystemCall {
    ClockGetResolution() {
        super(114, "clock_getres", ParameterKind.CLOCK, ParameterKind.TIME_OUT);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        Clocks.require((int) call.argument(0));
        if (call.argument(1) != 0) {
            byte[] timespec = Clocks.timespec(0, Clocks.resolutionNanoseconds(call.clockHz()));
            call.userMemory().copyAllToUser(call.space(), call.argument(1), timespec);
        }
        return 0;
    }
}
