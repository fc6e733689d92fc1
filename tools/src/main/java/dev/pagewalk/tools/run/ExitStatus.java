package dev.pagewalk.tools.run;

/** The exit statuses of {@code boot} that are not the guest's own. */
public final class ExitStatus {
    /** All tasks are blocked and nothing can wake them. */
    public static final int DEADLOCK = 123;

    /** {@code --max-cycles} was reached. */
    public static final int CYCLE_LIMIT = 124;

    /** The command line is wrong, or something inside went wrong. */
    public static final int USAGE = 125;

    /** Not an image that this machine can run. */
    public static final int NOT_RUNNABLE = 126;

    /** No such image. */
    public static final int NO_SUCH_IMAGE = 127;

    /** The user interrupted the run. */
    public static final int INTERRUPTED = 130;

    private ExitStatus() {}
}
