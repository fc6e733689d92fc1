package dev.pagewalk.kernel.space;

/** What madvise and mlock have said about a region: bits that regions carry, that split them and keep them apart. */
public final class Advice {
    public static final int NONE = 0;

    /** mlock: the pages stay, and madvise may not take them. */
    public static final int LOCKED = 1;

    /** Together with {@link #LOCKED}, MLOCK_ONFAULT: pages are locked as they come, and not brought at once. */
    public static final int LOCKED_ON_FAULT = 2;

    /** MADV_HUGEPAGE. */
    public static final int HUGE = 4;

    /** MADV_NOHUGEPAGE. */
    public static final int NO_HUGE = 8;

    /** MADV_DONTFORK: a child does not get the region. */
    public static final int DONT_FORK = 16;

    /** The bits that mlock and munlock set as one. */
    static final int LOCKS = LOCKED | LOCKED_ON_FAULT;

    private Advice() {}
}
