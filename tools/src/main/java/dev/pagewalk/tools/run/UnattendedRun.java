package dev.pagewalk.tools.run;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.tools.MachineAssembly;

/**
 * A machine that runs by itself.
 *
 * @param assembly the machine
 */
record UnattendedRun(MachineAssembly assembly) implements GuestDriver {
    @Override
    public RunStop run(long limitCycle, long pauseCycle) {
        return assembly.machine().run(limitCycle, pauseCycle);
    }

    @Override
    public void interrupt() {
        // The machine's stop is the run's end.
    }
}
