package dev.pagewalk.emulator.debug;

/** Whether to stop for an instruction that is about to access watched bytes. */
public enum AccessStop {
    /** No. */
    NOT,
    /** Before it: it is not executed now. */
    BEFORE,
    /** Behind it. */
    BEHIND
}
