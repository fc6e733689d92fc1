package dev.pagewalk.kernel.space;

/** What fork does with private pages. */
public enum ForkStrategy {
    /** Parent and child own the same frames until one of them stores. */
    COPY_ON_WRITE,
    /** The child gets copies at once (S19). */
    EAGER
}
