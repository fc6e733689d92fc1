package dev.pagewalk.kernel.process;

/** The status words that wait4 reports. Source: Linux, include/linux/wait.h; glibc, bits/waitstatus.h. */
public final class WaitStatus {
    /** A stopped process goes on: WIFCONTINUED. */
    public static final int CONTINUED = 0xFFFF;

    private static final int STOPPED = 0x7F;

    private WaitStatus() {}

    /** @param code 0 to 255 */
    public static int exited(int code) {
        return code << 8;
    }

    public static int killed(int signal) {
        return signal;
    }

    public static int stopped(int signal) {
        return signal << 8 | STOPPED;
    }

    public static boolean isStopped(int status) {
        return (status & 0xFF) == STOPPED && status != CONTINUED;
    }

    public static boolean isKilled(int status) {
        return (status & 0x7F) != 0;
    }

    /** The code of a process that exited, or the signal that killed it: si_status. */
    public static int detail(int status) {
        return isKilled(status) ? status & 0x7F : status >> 8;
    }

    /** The status as a shell shows it: the code, or 128 + signal. */
    public static int asShellStatus(int status) {
        return isKilled(status) ? 128 + detail(status) : detail(status);
    }
}
