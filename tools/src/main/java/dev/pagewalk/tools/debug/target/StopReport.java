package dev.pagewalk.tools.debug.target;

/** Why the guest has stopped. */
public sealed interface StopReport {
    /**
     * A thread has come to something.
     *
     * @param thread which
     * @param signal of Linux's numbers; SIGTRAP (5) for what is no signal of the guest's, SIGINT (2) after an interruption, 0
     *     where the client has only asked how things are
     */
    record ThreadStopped(ThreadId thread, int signal, Reason reason) implements StopReport {}

    /**
     * A process has ended by itself.
     *
     * @param status 0 to 255
     */
    record ProcessExited(int pid, int status) implements StopReport {}

    /**
     * A signal has ended a process.
     *
     * @param signal of Linux's numbers
     */
    record ProcessKilled(int pid, int signal) implements StopReport {}

    /** None of the threads that were to run is left, though their process is. */
    record NothingRuns() implements StopReport {}

    /** What a thread has come to. */
    sealed interface Reason {
        /** The end of a step, a signal, an interruption. */
        record Plain() implements Reason {}

        /** A breakpoint, whose instruction comes next; {@code kind} is of a breakpoint. */
        record Breakpoint(PointKind kind) implements Reason {}

        /** A watchpoint, whose instruction has been executed; {@code kind} is of a watchpoint. */
        record Watchpoint(PointKind kind, long address) implements Reason {}

        /** It has forked. */
        record Forked(ThreadId child) implements Reason {}

        /** It has made a child that uses its memory until it executes a program or ends. */
        record Vforked(ThreadId child) implements Reason {}

        /** That child does not use its memory any more. */
        record VforkDone() implements Reason {}

        /** Its process has another program: the path of it. */
        record Executed(String path) implements Reason {}

        /** It is about to make a system call. */
        record CallEntered(int number) implements Reason {}

        /** It has made a system call. */
        record CallReturned(int number) implements Reason {}

        /** Going backward it has come to the beginning of what can be gone back to. */
        record HistoryBegins() implements Reason {}
    }
}
