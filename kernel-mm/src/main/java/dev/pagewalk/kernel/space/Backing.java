package dev.pagewalk.kernel.space;

/** Where the bytes of a region come from, unless it is private memory that begins as zeros. */
public sealed interface Backing permits FileBacking, DeviceBacking {
    /** The backing of a region that begins so many bytes later, or, if negative, earlier. */
    Backing shiftedBy(long bytes);

    /** Whether another one carries on where this one is after so many bytes. */
    boolean isContinuedBy(Backing next, long bytes);
}
