package dev.pagewalk.emulator.engine;

import dev.pagewalk.emulator.debug.DebugPoints;
import dev.pagewalk.emulator.hart.Hart;

/** Executes guest instructions. All engines agree, bit for bit, on everything that a guest or a statistic can see. */
public interface Engine {
    /**
     * Runs a hart until the first instruction boundary with {@code hart.cycle >= hart.stopCycle}, or until an
     * instruction traps ({@link Hart#trapCause()} is not null then, and {@link Hart#pc} names that instruction).
     *
     * <p>The machine's loop calls it, with no trap recorded.
     */
    void run(Hart hart);

    /**
     * What {@link DebugPoints} holds has changed. An engine stops before instructions with a breakpoint and before or
     * behind accesses to watched bytes where {@link DebugPoints} says so; that it asks costs no cycle.
     */
    void debugPointsChanged();

    /** Forgets every host-side copy of guest code; the machine calls it after RAM has been replaced as a whole. */
    void discardCode();

    /** What it has done so far. */
    EngineReport report();
}
