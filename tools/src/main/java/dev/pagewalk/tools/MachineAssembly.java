package dev.pagewalk.tools;

import dev.pagewalk.devices.console.ConsoleInput;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.devices.console.Uart16550;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.devices.interrupt.SoftwareInterruptController;
import dev.pagewalk.devices.power.TestFinisher;
import dev.pagewalk.devices.timer.TimerDevice;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramException;

/**
 * Puts a machine together: harts and RAM, devices on the bus, the kernel behind the trap port, the console's host ends.
 * All wiring is here; nothing is static, so several machines can run in one JVM side by side.
 */
public final class MachineAssembly {
    private final Machine machine;
    private final EngineKind engine;
    private final Kernel kernel;

    /**
     * A machine without a screen, whose guests are interpreted.
     *
     * @throws ProgramException where RAM is too small for the kernel's own tables
     */
    public MachineAssembly(MachineConfig config, KernelConfig kernelConfig, ConsoleInput input, ConsoleOutput output)
            throws ProgramException {
        this(config, EngineOptions.of(EngineKind.INTERPRETER), kernelConfig, input, output, null);
    }

    /**
     * @param engineOptions how guest code is executed
     * @param framebuffer the machine's screen; null for a machine without one
     * @throws ProgramException where RAM is too small for the kernel's own tables
     */
    public MachineAssembly(
            MachineConfig config,
            EngineOptions engineOptions,
            KernelConfig kernelConfig,
            ConsoleInput input,
            ConsoleOutput output,
            Framebuffer framebuffer)
            throws ProgramException {
        machine = new Machine(config, engineOptions);
        engine = engineOptions.kind();
        machine.bus().attach(new TestFinisher(machine));
        machine.bus()
                .attach(new SoftwareInterruptController(
                        config.harts(), machine.interleaving()::interruptLatencyCycles, machine));
        machine.bus().attach(new TimerDevice(config.harts(), config.profile().cyclesPerTimerTick(), machine));
        machine.bus().attach(new Uart16550(input, output, machine));
        if (framebuffer != null) {
            machine.bus().attach(framebuffer);
        }
        machine.traceTo(kernelConfig.trace());
        kernel = new Kernel(machine, kernelConfig);
        machine.connect(kernel);
    }

    /** Ends the trace: what is under way is told as if it ended now. */
    public void endTrace() {
        kernel.endTrace(machine.longestCycle());
        machine.traceTo(TraceSink.NONE);
    }

    public Machine machine() {
        return machine;
    }

    /** The engine that was asked for. */
    public EngineKind engine() {
        return engine;
    }

    public Kernel kernel() {
        return kernel;
    }
}
