package dev.pagewalk.kernel.shootdown;

/** What a hart that is told of a shootdown flushes. */
public enum RemoteFlush {
    /** What the shootdown is about: its pages, or its whole space, or nothing where that has been done since. */
    WHAT_CHANGED,
    /** All spaces, whatever the shootdown is about. */
    EVERYTHING
}
