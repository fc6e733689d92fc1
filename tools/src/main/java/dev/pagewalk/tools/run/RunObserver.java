package dev.pagewalk.tools.run;

import dev.pagewalk.tools.MachineAssembly;

/** Looks at a run where it pauses anyway: on the machine's thread, between two instructions. It must change nothing. */
@FunctionalInterface
public interface RunObserver {
    /** Looks away. */
    RunObserver NONE = assembly -> {};

    /** @param assembly the machine; another one where the guest has been started again */
    void onPause(MachineAssembly assembly);
}
