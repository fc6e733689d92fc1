package dev.pagewalk.kernel.signal;

/**
 * What a process wants done about a signal: Linux's struct sigaction, as rt_sigaction(2) takes it.
 *
 * @param handler the handler's address, or {@link #DEFAULT} or {@link #IGNORE}
 * @param flags SA_ bits
 * @param mask the signals blocked while the handler runs
 */
public record SignalAction(long handler, long flags, long mask) {
    /** SIG_DFL. */
    public static final long DEFAULT = 0;

    /** SIG_IGN. */
    public static final long IGNORE = 1;

    /** SA_NOCLDSTOP: no SIGCHLD when a child stops. */
    public static final long NO_CHILD_STOP = 0x1;

    /** SA_NOCLDWAIT: children leave no zombies. */
    public static final long NO_CHILD_WAIT = 0x2;

    /** SA_ONSTACK: the handler runs on the alternate stack. */
    public static final long ON_STACK = 0x0800_0000L;

    /** SA_RESTART: interrupted calls are made again. */
    public static final long RESTART = 0x1000_0000L;

    /** SA_NODEFER: the signal itself stays unblocked. */
    public static final long NO_DEFER = 0x4000_0000L;

    /** SA_RESETHAND: one delivery only. */
    public static final long RESET_HANDLER = 0x8000_0000L;

    /** What every signal begins with. */
    public static final SignalAction UNCHANGED = new SignalAction(DEFAULT, 0, SignalSet.NONE);

    /** SA_SIGINFO: the handler takes three arguments; here it always gets them. */
    public static final long SIGNAL_INFORMATION = 0x4;

    /** SA_EXPOSE_TAGBITS, which means nothing here. */
    private static final long EXPOSE_TAG_BITS = 0x800;

    /** Other bits are dropped, so that programs can find out what is there. Source: Linux, UAPI_SA_FLAGS. */
    public static final long KNOWN_FLAGS = NO_CHILD_STOP
            | NO_CHILD_WAIT
            | SIGNAL_INFORMATION
            | EXPOSE_TAG_BITS
            | ON_STACK
            | RESTART
            | NO_DEFER
            | RESET_HANDLER;

    /** The same with the default action. */
    SignalAction withoutHandler() {
        return new SignalAction(DEFAULT, flags, mask);
    }

    public boolean isCaught() {
        return handler != DEFAULT && handler != IGNORE;
    }

    public boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
