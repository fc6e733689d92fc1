package dev.pagewalk.emulator;

/** Why {@link Machine#run} came back. */
public enum RunStop {
    /** The test finisher was written: {@link Machine#exitStatus()} holds its status. The machine cannot go on. */
    POWERED_OFF,
    /** No hart has a clock and no event is left, so nothing can ever happen again. */
    DEADLOCK,
    /** Every clock is at the limit or beyond. Running again with a higher limit goes on exactly as if never stopped. */
    CYCLE_LIMIT,
    /** A hart has reached the pause cycle, perhaps inside its slice. Running again goes on as if never stopped. */
    PAUSED,
    /** {@link Machine#requestStop} was called. Running again goes on as if never stopped. */
    STOP_REQUESTED,
    /** The debugger that {@link Machine#debugBy} names wants it. Running again goes on as if never stopped. */
    DEBUGGER
}
