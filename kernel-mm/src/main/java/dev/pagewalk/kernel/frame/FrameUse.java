package dev.pagewalk.kernel.frame;

/** What a frame that has been given out holds. */
public enum FrameUse {
    /** Pages of user memory. */
    USER,
    /** Page tables. */
    PAGE_TABLE
}
