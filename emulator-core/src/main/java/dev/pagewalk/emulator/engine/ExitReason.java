package dev.pagewalk.emulator.engine;

/** Why execution left a translated region. */
public enum ExitReason {
    /** The end of the slice is so near that the interpreter has to find it, to the instruction. */
    DEADLINE,
    /** An instruction trapped. */
    TRAP,
    /** A jump or branch to code that is not in the region. */
    JUMP,
    /** An indirect jump to code that is not in the region. */
    INDIRECT,
    /** An instruction changed what the region rests on: its own code, or the end of the slice. */
    CHANGED
}
