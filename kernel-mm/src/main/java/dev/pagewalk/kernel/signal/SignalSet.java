package dev.pagewalk.kernel.signal;

import dev.pagewalk.kernel.error.Signal;

/** Sets of signals as Linux's sigset_t has them: bit n - 1 of a 64-bit word stands for signal n. */
public final class SignalSet {
    public static final long NONE = 0;

    /** The highest signal's number; the lowest one's is 1. */
    public static final int HIGHEST = 64;

    /** SIGKILL and SIGSTOP, which nobody can block, ignore or catch. */
    public static final long UNSTOPPABLE = of(Signal.SIGKILL.number()) | of(Signal.SIGSTOP.number());

    private SignalSet() {}

    /** @param signal 1 to 64 */
    public static long of(int signal) {
        return 1L << signal - 1;
    }

    public static boolean contains(long set, int signal) {
        return (set & of(signal)) != 0;
    }

    /** The lowest signal of a set that is not empty. */
    public static int lowest(long set) {
        return Long.numberOfTrailingZeros(set) + 1;
    }
}
