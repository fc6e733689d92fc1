package dev.pagewalk.kernel.error;

/** Linux's standard signals: arch-independent numbers of include/uapi/asm-generic/signal.h, default actions of signal(7). */
public enum Signal {
    SIGHUP(1, DefaultAction.TERMINATE),
    SIGINT(2, DefaultAction.TERMINATE),
    SIGQUIT(3, DefaultAction.TERMINATE),
    SIGILL(4, DefaultAction.TERMINATE),
    SIGTRAP(5, DefaultAction.TERMINATE),
    SIGABRT(6, DefaultAction.TERMINATE),
    SIGBUS(7, DefaultAction.TERMINATE),
    SIGFPE(8, DefaultAction.TERMINATE),
    SIGKILL(9, DefaultAction.TERMINATE),
    SIGUSR1(10, DefaultAction.TERMINATE),
    SIGSEGV(11, DefaultAction.TERMINATE),
    SIGUSR2(12, DefaultAction.TERMINATE),
    SIGPIPE(13, DefaultAction.TERMINATE),
    SIGALRM(14, DefaultAction.TERMINATE),
    SIGTERM(15, DefaultAction.TERMINATE),
    SIGSTKFLT(16, DefaultAction.TERMINATE),
    SIGCHLD(17, DefaultAction.IGNORE),
    SIGCONT(18, DefaultAction.CONTINUE),
    SIGSTOP(19, DefaultAction.STOP),
    SIGTSTP(20, DefaultAction.STOP),
    SIGTTIN(21, DefaultAction.STOP),
    SIGTTOU(22, DefaultAction.STOP),
    SIGURG(23, DefaultAction.IGNORE),
    SIGXCPU(24, DefaultAction.TERMINATE),
    SIGXFSZ(25, DefaultAction.TERMINATE),
    SIGVTALRM(26, DefaultAction.TERMINATE),
    SIGPROF(27, DefaultAction.TERMINATE),
    SIGWINCH(28, DefaultAction.IGNORE),
    SIGIO(29, DefaultAction.TERMINATE),
    SIGPWR(30, DefaultAction.TERMINATE),
    SIGSYS(31, DefaultAction.TERMINATE);

    /** What a signal does to a process that has not said otherwise; nothing dumps core here. */
    public enum DefaultAction {
        TERMINATE,
        IGNORE,
        STOP,
        CONTINUE
    }

    /** The highest signal number; 32 and up are the real-time signals, which have no names and terminate. */
    public static final int HIGHEST = 64;

    private static final Signal[] BY_NUMBER = values();

    private final int number;
    private final DefaultAction defaultAction;

    Signal(int number, DefaultAction defaultAction) {
        this.number = number;
        this.defaultAction = defaultAction;
    }

    public int number() {
        return number;
    }

    /** The exit status that a shell shows for a process killed by this signal. */
    public int exitStatus() {
        return 128 + number;
    }

    /** @param number 1 to {@link #HIGHEST} */
    public static DefaultAction defaultAction(int number) {
        return number <= BY_NUMBER.length ? BY_NUMBER[number - 1].defaultAction : DefaultAction.TERMINATE;
    }

    /**
     * The name as strace(1) writes it, {@code SIGRT_n} for real-time signals.
     *
     * @param number 1 to {@link #HIGHEST}
     */
    public static String nameOf(int number) {
        return number <= BY_NUMBER.length ? BY_NUMBER[number - 1].name() : "SIGRT_" + (number - BY_NUMBER.length - 1);
    }
}
