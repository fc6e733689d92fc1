package dev.pagewalk.emulator.engine;

/** Why a translated region is there no more. */
public enum DropReason {
    /** A store changed an instruction of it. */
    STORE,
    /** Its frame has got other contents as a whole. */
    FRAME,
    /** A debugger has a breakpoint in it. */
    BREAKPOINT,
    /** A larger one has taken its place. */
    GROWN,
    /** It was left again too soon each time. */
    SHORT,
    /** There were too many. */
    LIMIT,
    /** RAM was replaced as a whole, by a snapshot's. */
    RESTORED
}
