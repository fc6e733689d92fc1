package dev.pagewalk.emulator.engine;

/** The engines from which a user chooses; nothing but the host's time depends on it. */
public enum EngineKind {
    /** Interprets at first and translates what turns out to be hot, meanwhile and on another thread. */
    AUTO,
    /** The reference: interprets everything. */
    INTERPRETER,
    /** Translates every loop and function soon, and waits for it. */
    TRANSLATOR
}
