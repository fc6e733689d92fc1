package dev.pagewalk.kernel.process;

/** Where a task stands with the scheduler. */
public enum TaskState {
    /** It is being made, and cannot run yet. */
    NEW,
    /** It waits for a hart. */
    RUNNABLE,
    /** A hart executes it, or the kernel on its behalf. */
    RUNNING,
    /** It waits for something: {@link Task#waitsFor()}. */
    BLOCKED,
    /** A signal has stopped it, until SIGCONT. */
    STOPPED,
    /** It will never run again. */
    ENDED
}
