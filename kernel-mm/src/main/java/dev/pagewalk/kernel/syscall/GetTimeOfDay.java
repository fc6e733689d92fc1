package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;

/** gettimeofday(timeval, timezone): either may be null. The time zone is always UTC. */
final class GetTimeOfDay extends SystemCall {
    private static final int NANOSECONDS_A_MICROSECOND = 1_000;
    private static final int TIMEZONE_BYTES = 8;

    GetTimeOfDay() {
        super(169, "gettimeofday", ParameterKind.TIMEVAL_OUT, ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        if (call.argument(0) != 0) {
            // A struct timeval has the same layout, with microseconds.
            byte[] timeval = Clocks.timespec(
                    Clocks.seconds(Clocks.REALTIME, call), Clocks.nanoseconds(call) / NANOSECONDS_A_MICROSECOND);
            call.userMemory().copyAllToUser(call.space(), call.argument(0), timeval);
        }
        if (call.argument(1) != 0) {
            call.userMemory().copyAllToUser(call.space(), call.argument(1), new byte[TIMEZONE_BYTES]);
        }
        return 0;
    }
}
