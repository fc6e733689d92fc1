package dev.pagewalk.emulator.trace;

/** What kind of thing a timeline shows, so that a viewer can filter. */
public enum TraceCategory {
    /** A hart's stay in the kernel, from a trap or a wake-up to its leaving; the machine tells of all of them. */
    TRAP,
    /** One system call of a guest. */
    SYSTEM_CALL,
    /** One page fault. */
    FAULT,
    /** One page walk of the hardware; the machine tells of all of them. */
    WALK,
    /** A hart serves an interrupt on top of what it does; or one hart interrupts another. */
    IPI,
    /** Translations are removed from a hart's TLBs. */
    FLUSH,
    /** A hart waits inside the kernel; the machine tells of all its waits. */
    WAIT,
    /** A lock is waited for, or held. */
    LOCK,
    /** An invalidation from its issue to its completion. */
    SHOOTDOWN,
    /** Which task a hart executes; a hart without one is idle, as the machine tells. */
    SCHEDULE
}
