package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.emulator.engine.EngineReport;

/** Something endless whose speed is measured, a bit at a time. */
interface Workload {
    /** Goes on for about so many instructions or cycles, hardly more. */
    void advance(long steps);

    /** Executed so far; of what is no emulator, those that the guest would have executed. */
    long instructions();

    /** Null where nothing is translated. */
    EngineReport report();
}
