package dev.pagewalk.kernel.error;

/** The signals that end a process here, with Linux's numbers. */
public enum Signal {
    SIGILL(4),
    SIGTRAP(5),
    SIGBUS(7),
    SIGKILL(9),
    SIGSEGV(11);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The exit status that a shell shows for a process killed by this signal. */
    public int exitStatus() {
        return 128 + number;
    }
}
