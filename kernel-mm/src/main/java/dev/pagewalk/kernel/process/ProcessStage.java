package dev.pagewalk.kernel.process;

/** The stages of a process's life, in their order. */
public enum ProcessStage {
    /** fork is making it. */
    FORKING,
    LIVE,
    /** It has ended, and its memory is being taken down. */
    ENDING,
    /** Nothing is left of it but what its parent will learn (S37). */
    ZOMBIE,
    /** Its parent knows. */
    REAPED
}
