package dev.pagewalk.tools.run;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.tools.MachineAssembly;

/** Has a machine run, and does what is to be done between. */
public interface GuestDriver {
    /** The machine; another one where the guest has been started again. */
    MachineAssembly assembly();

    /**
     * Runs on, as {@link dev.pagewalk.emulator.Machine#run} does.
     *
     * @return not {@link RunStop#DEBUGGER}; {@link RunStop#STOP_REQUESTED} only after {@link #interrupt}
     */
    RunStop run(long limitCycle, long pauseCycle);

    /** The run is to end where it is; any thread. The machine is asked to stop by the caller. */
    void interrupt();
}
