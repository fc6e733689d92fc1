package dev.pagewalk.kernel.sanitizer;

/** Tells which flushes harts still have to carry out before they can load an address space again. */
@FunctionalInterface
public interface QueuedFlushes {
    /** Every flush is carried out at once. */
    QueuedFlushes NONE = (hartId, asid) -> false;

    /** Whether a hart will flush all of an ASID before the next time it runs under it. */
    boolean isQueued(int hartId, int asid);
}
