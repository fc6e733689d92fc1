package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;

/** A kernel on a machine of ours, of one hart. */
final class KernelMachine implements Workload {
    /** More than anybody waits for, and the most that fork-storm takes. */
    static final long ENDLESS_ROUNDS = 100_000;

    private static final long RAM_BYTES = 256 << 20;
    private static final int CONSOLE_LIMIT_BYTES = 1 << 10;

    private final EngineKernel kernel;
    private final CapturedConsoleOutput console = new CapturedConsoleOutput(CONSOLE_LIMIT_BYTES);
    private final Machine machine;

    KernelMachine(EngineKernel kernel, long rounds, EngineKind engine, String profile) throws UserErrorException {
        this.kernel = kernel;
        try {
            MachineConfig config = new MachineConfig(1, RAM_BYTES, PagingMode.SV48, TimingProfiles.find(profile));
            MachineAssembly assembly = new MachineAssembly(
                    config,
                    EngineOptions.of(engine),
                    KernelConfig.quiet(),
                    new BytesConsoleInput(new byte[0]),
                    console,
                    null);
            assembly.kernel().boot(kernel.image(), kernel.arguments(rounds));
            machine = assembly.machine();
        } catch (ProgramException e) {
            throw new UserErrorException(ExitStatus.USAGE, kernel.title() + ": " + e.getMessage());
        }
    }

    /** As many rounds as can never be waited for. */
    static KernelMachine endless(EngineKernel kernel, EngineKind engine, String profile) throws UserErrorException {
        long rounds = kernel == EngineKernel.FORK_STORM ? ENDLESS_ROUNDS : ENDLESS_ROUNDS * ENDLESS_ROUNDS;
        return new KernelMachine(kernel, rounds, engine, profile);
    }

    void runToEnd() throws UserErrorException {
        RunStop stop = machine.run();
        if (stop != RunStop.POWERED_OFF || machine.exitStatus() != 0) {
            throw new UserErrorException(ExitStatus.USAGE, kernel.title() + " fails: " + stop + ", " + output());
        }
    }

    /** What it has printed. */
    String output() {
        return console.text();
    }

    @Override
    public void advance(long cycles) {
        if (machine.run(Long.MAX_VALUE, machine.longestCycle() + cycles) != RunStop.PAUSED) {
            throw new IllegalStateException(kernel.title() + " has ended: " + output());
        }
    }

    @Override
    public long instructions() {
        long instructions = 0;
        for (Hart hart : machine.harts()) {
            instructions += hart.retired;
        }
        return instructions;
    }

    @Override
    public EngineReport report() {
        return machine.engineReport();
    }
}
