package dev.pagewalk.kernel.shootdown;

/** Tells which flushes harts still have to carry out before their guests can use an address space again. */
@FunctionalInterface
public interface QueuedFlushes {
    /** Every flush is carried out at once. */
    QueuedFlushes NONE = (hartId, asid) -> false;

    /**
     * Whether a hart will flush what it has cached under an ASID before it next executes an instruction of a guest under it.
     * Where that ASID is the one that it has loaded, its walker may still use pointers to tables.
     */
    boolean isQueued(int hartId, int asid);
}
