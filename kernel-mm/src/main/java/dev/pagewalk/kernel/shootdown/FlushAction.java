package dev.pagewalk.kernel.shootdown;

/** What a hart flushes for a shootdown. */
public enum FlushAction {
    /** Nothing: a later flush has covered it. */
    SKIP,
    /** Page by page. */
    PAGES,
    /** All of the space. */
    SPACE,
    /** All spaces. */
    EVERYTHING,
    /** The hart leaves the space, and flushes all of it. */
    LEAVE
}
