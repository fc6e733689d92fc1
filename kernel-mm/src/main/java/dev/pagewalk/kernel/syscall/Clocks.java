package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.Task;
import java.nio.ByteBuffer;

/**
 * Simulated time as guests count it: from power-on, or from a fixed epoch, so that runs repeat. The CPU-time clocks count
 * from power-on too: nobody keeps account of tasks. Source: Linux, include/uapi/linux/time.h.
 */
final class Clocks {
    static final int REALTIME = 0;
    static final int MONOTONIC = 1;
    static final int THREAD_CPU_TIME = 3;
    static final int BOOT_TIME = 7;
    static final int TIMESPEC_BYTES = 16;

    /** 2026-01-01T00:00:00Z: the wall clock's time at power-on. */
    private static final long EPOCH_SECONDS = 1_767_225_600L;

    private static final int REALTIME_COARSE = 5;
    private static final int NANOSECONDS_A_SECOND = 1_000_000_000;

    private Clocks() {}

    /** @throws KernelException INVALID_ARGUMENT where there is no such clock */
    static void require(int clock) throws KernelException {
        if (clock < REALTIME || clock > BOOT_TIME) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
    }

    /** Seconds on a clock, rounded down. */
    static long seconds(int clock, CallContext call) {
        boolean wall = clock == REALTIME || clock == REALTIME_COARSE;
        return call.nowCycle() / call.clockHz() + (wall ? EPOCH_SECONDS : 0);
    }

    /** What is over {@link #seconds}, in nanoseconds. */
    static long nanoseconds(CallContext call) {
        return nanosecondsOf(call.nowCycle() % call.clockHz(), call.clockHz());
    }

    /** How long a clock's steps are, in nanoseconds: a cycle, but at least 1. */
    static long resolutionNanoseconds(long hz) {
        return Math.max(1, nanosecondsOf(1, hz));
    }

    /** cycles / hz seconds in nanoseconds, where cycles is less than hz and hz at most 10^11: no step overflows. */
    private static long nanosecondsOf(long cycles, long hz) {
        long scaled = cycles * 1_000_000;
        return scaled / hz * 1_000 + scaled % hz * 1_000 / hz;
    }

    /**
     * Reads a time that user space gives.
     *
     * @throws KernelException INVALID_ADDRESS; INVALID_ARGUMENT where it is negative or has a second in nanoseconds
     */
    static Timespec read(CallContext call, long address) throws KernelException {
        ByteBuffer words = UserWords.read(call, address, TIMESPEC_BYTES);
        Timespec time = new Timespec(words.getLong(), words.getLong());
        if (time.seconds < 0 || time.nanoseconds < 0 || time.nanoseconds >= NANOSECONDS_A_SECOND) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        return time;
    }

    /** A length of time as a struct timespec has it. */
    record Timespec(long seconds, long nanoseconds) {
        /** The cycle at which it is over that begins now; no earlier, and {@link Task#NEVER} where that is out of reach. */
        long fromNow(CallContext call) {
            long now = call.nowCycle();
            long cycles = cycles(seconds, call.clockHz());
            return cycles >= Task.NEVER - now ? Task.NEVER : now + cycles;
        }

        /** The cycle at which a clock shows it. */
        long on(int clock, CallContext call) {
            if (clock != REALTIME) {
                return cycles(seconds, call.clockHz());
            }
            return seconds < EPOCH_SECONDS ? 0 : cycles(seconds - EPOCH_SECONDS, call.clockHz());
        }

        private long cycles(long wholeSeconds, long hz) {
            if (wholeSeconds >= Task.NEVER / hz - 1) {
                return Task.NEVER;
            }
            // Rounded up, in two steps, of which neither overflows.
            long millionths = nanoseconds / 1_000 * hz + roundedUp(nanoseconds % 1_000 * hz, 1_000);
            return wholeSeconds * hz + roundedUp(millionths, 1_000_000);
        }

        private static long roundedUp(long dividend, long divisor) {
            return (dividend + divisor - 1) / divisor;
        }
    }

    /** The bytes of a struct timespec for so many cycles. */
    static byte[] timespecOfCycles(long cycles, long hz) {
        return timespec(cycles / hz, nanosecondsOf(cycles % hz, hz));
    }

    static byte[] timespec(long seconds, long nanoseconds) {
        return UserWords.allocate(TIMESPEC_BYTES)
                .putLong(seconds)
                .putLong(nanoseconds)
                .array();
    }
}
