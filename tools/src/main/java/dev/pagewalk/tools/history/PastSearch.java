package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.MachinePosition;

/** Sees a part of a run again, from somewhere up to where it has been searched already, and remembers the last position it wants. */
public interface PastSearch extends StopWatcher {
    /** The last position wanted in what has been seen; null where there is none. */
    MachinePosition found();

    /** Whether somebody wants it to end without having found anything; asked when {@code Machine.requestStop} has been called. */
    boolean givesUp();

    /** A position before which nothing is wanted, where it has been seen; else null. */
    default MachinePosition earliest() {
        return null;
    }
}
