package dev.pagewalk.emulator.hart;

/** What a hart is doing. Only RUNNING and QUEUED harts have a clock. */
public enum HartPhase {
    /** Executes guest instructions. */
    RUNNING,
    /** Has trapped, or has kernel work to continue, and waits for its turn in the total order of kernel steps. */
    QUEUED,
    /** A kernel step has executed and its cycles pass, until an event. */
    BUSY,
    /** Waits inside the kernel. */
    WAITING,
    /** Has nothing to run. */
    IDLE
}
