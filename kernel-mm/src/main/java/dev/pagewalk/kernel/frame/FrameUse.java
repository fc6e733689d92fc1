package dev.pagewalk.kernel.frame;

/** What a frame that has been given out holds. */
public enum FrameUse {
    /** Private pages of user memory. */
    USER,
    /** Page tables. */
    PAGE_TABLE,
    /** Pages of files, in the page cache. */
    FILE,
    /** Bytes on their way through a pipe. */
    BUFFER
}
