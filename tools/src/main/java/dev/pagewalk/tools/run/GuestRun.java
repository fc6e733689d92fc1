package dev.pagewalk.tools.run;

import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;

/** One guest from power-on to its end, or to whatever stops it. */
public final class GuestRun {
    /** Console output reaches the host at least this often. */
    private static final long FLUSH_INTERVAL_CYCLES = 50_000_000;

    private final MachineAssembly assembly;
    private final ConsoleOutput output;
    private String reason = "";

    public GuestRun(MachineAssembly assembly, ConsoleOutput output) {
        this.assembly = assembly;
        this.output = output;
    }

    /**
     * Starts the first process.
     *
     * @throws UserErrorException NOT_RUNNABLE where the image does not fit the machine
     */
    public void boot(String name, ElfImage image, ProgramArguments program) throws UserErrorException {
        try {
            assembly.kernel().boot(image, program);
        } catch (ProgramException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, name + ": " + e.getMessage());
        }
    }

    /**
     * Runs to the end.
     *
     * @param maxCycles where to stop at the latest; Long.MAX_VALUE for no limit
     * @return the exit status: the guest's, or one of {@link ExitStatus} with {@link #reason()}
     */
    public int run(long maxCycles) {
        Machine machine = assembly.machine();
        RunStop stop;
        long pauseCycle = 0;
        do {
            pauseCycle += FLUSH_INTERVAL_CYCLES;
            stop = machine.run(maxCycles, pauseCycle);
            output.flush();
        } while (stop == RunStop.PAUSED);
        return switch (stop) {
            case POWERED_OFF -> machine.exitStatus();
            case DEADLOCK -> {
                reason = "deadlock: no task can run and nothing can wake one"
                        + String.join(
                                "",
                                assembly.kernel().describeBlocked().stream()
                                        .map(line -> "; " + line)
                                        .toList());
                yield ExitStatus.DEADLOCK;
            }
            case CYCLE_LIMIT -> {
                reason = "stopped after " + machine.longestCycle() + " cycles, as --max-cycles " + maxCycles + " asks";
                yield ExitStatus.CYCLE_LIMIT;
            }
            case STOP_REQUESTED -> {
                reason = "interrupted after " + machine.longestCycle() + " cycles";
                yield ExitStatus.INTERRUPTED;
            }
            case PAUSED -> throw new IllegalStateException("a pause is no end");
        };
    }

    /** Why the run ended before its guest did; empty where the guest ended. */
    public String reason() {
        return reason;
    }
}
