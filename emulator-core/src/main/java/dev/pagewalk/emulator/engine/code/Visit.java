package dev.pagewalk.emulator.engine.code;

/** What has come of a {@link Mark#visit}. */
public enum Visit {
    /** Instructions were executed, or one of them trapped; the page is to be looked up again. */
    EXECUTED,
    /** The instruction is to be interpreted, after which marks count again. */
    INTERPRET_ONE,
    /** Instructions are to be interpreted, whether they are marked or not, for as long as the interpreter stays on the page. */
    INTERPRET_ON
}
