package dev.pagewalk.tools.testing;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.debug.guest.GuestDebugger;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.history.InputEntry;
import dev.pagewalk.tools.history.RepeatableOutput;
import dev.pagewalk.tools.live.LiveGuest;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.metrics.StatisticsFile;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A guest with a debugger in the same thread: no socket, no packets, no time but the guest's. */
public final class DebuggedTestGuest {
    private static final EngineOptions INTERPRETED = EngineOptions.of(EngineKind.INTERPRETER);
    private static final int CONSOLE_BYTES = 1 << 20;
    private static final int EVENTS = 64;
    private static final long LIMIT_CYCLES = 30_000_000;

    /** The first process's pid and tid. */
    public static final ThreadId FIRST = new ThreadId(1, 1);

    private final String name;
    private final List<String> arguments;
    private final LiveGuest guest;
    private final GuestDebugger debugger;
    private final CapturedConsoleOutput console = new CapturedConsoleOutput(CONSOLE_BYTES);
    private List<InputEntry> inputs;

    /** Null while the guest has not ended. */
    private RunStop end;

    private DebuggedTestGuest(
            String name,
            ElfImage image,
            MachineConfig config,
            EngineOptions engine,
            KernelConfig kernel,
            List<InputEntry> replayed) {
        this.name = name;
        this.arguments = ImageCatalog.names().contains(name)
                ? TestGuest.expectation(name).args()
                : List.of();
        RepeatableOutput output = new RepeatableOutput(console);
        RecentEvents events = new RecentEvents(EVENTS);
        LiveGuest.Boot boot = new LiveGuest.Boot(
                        name, any -> start(image, config, engine, kernel.withTrace(events), output))
                .sending(output.bytes())
                .replaying(replayed)
                .recordingTo((entry, all) -> inputs = List.copyOf(all))
                .debuggedWith(events, false);
        inputs = List.of();
        try {
            guest = new LiveGuest(boot);
        } catch (UserErrorException e) {
            throw new AssertionError(e);
        }
        debugger = new GuestDebugger(guest);
        debugger.attach(FIRST.pid());
    }

    private MachineAssembly start(
            ElfImage image, MachineConfig config, EngineOptions engine, KernelConfig kernel, RepeatableOutput output) {
        try {
            MachineAssembly assembly =
                    new MachineAssembly(config, engine, kernel, new BytesConsoleInput(new byte[0]), output, null);
            List<String> argv = new ArrayList<>(List.of(name));
            argv.addAll(arguments);
            assembly.kernel().boot(image, ProgramArguments.of(argv, List.of()));
            return assembly;
        } catch (ProgramException e) {
            throw new AssertionError(e);
        }
    }

    /** A guest of the catalog before its first instruction, its first process attached. */
    public static DebuggedTestGuest booted(String name, MachineConfig config, KernelConfig kernel) {
        return booted(name, config, INTERPRETED, kernel);
    }

    public static DebuggedTestGuest booted(
            String name, MachineConfig config, EngineOptions engine, KernelConfig kernel) {
        return new DebuggedTestGuest(name, ImageCatalog.image(name).orElseThrow(), config, engine, kernel, List.of());
    }

    /** A guest that is written for a test. */
    public static DebuggedTestGuest assembled(String source, MachineConfig config, KernelConfig kernel) {
        return assembled(source, config, INTERPRETED, kernel);
    }

    public static DebuggedTestGuest assembled(
            String source, MachineConfig config, EngineOptions engine, KernelConfig kernel) {
        return new DebuggedTestGuest("test", assemble(source), config, engine, kernel, List.of());
    }

    /** A guest of the catalog that is to have inputs again, and nobody attached to it. */
    public static DebuggedTestGuest booted(
            String name, MachineConfig config, KernelConfig kernel, List<InputEntry> inputs) {
        return booted(name, config, INTERPRETED, kernel, inputs);
    }

    public static DebuggedTestGuest booted(
            String name, MachineConfig config, EngineOptions engine, KernelConfig kernel, List<InputEntry> inputs) {
        return alone(
                new DebuggedTestGuest(name, ImageCatalog.image(name).orElseThrow(), config, engine, kernel, inputs));
    }

    /** As above, of a guest that is written for a test. */
    public static DebuggedTestGuest assembled(
            String source, MachineConfig config, KernelConfig kernel, List<InputEntry> inputs) {
        return alone(new DebuggedTestGuest("test", assemble(source), config, INTERPRETED, kernel, inputs));
    }

    private static DebuggedTestGuest alone(DebuggedTestGuest guest) {
        guest.debugger.detach(FIRST.pid());
        return guest;
    }

    private static ElfImage assemble(String source) {
        try {
            return Assembler.assemble("test.s", source);
        } catch (AssemblyException e) {
            throw new AssertionError(e);
        }
    }

    public GuestDebugger debugger() {
        return debugger;
    }

    public Machine machine() {
        return guest.assembly().machine();
    }

    public Kernel kernel() {
        return guest.assembly().kernel();
    }

    public MachinePosition position() {
        return machine().position();
    }

    /** What has come from outside so far, as a log would have it. */
    public List<InputEntry> inputs() {
        return inputs;
    }

    /** Has all threads go on until the next stop; null where the guest has ended. */
    public StopReport resume() {
        return resume(Map.of());
    }

    /** As above, some of them in a way of their own. */
    public StopReport resume(Map<ThreadId, ThreadAction> special) {
        Map<ThreadId, ThreadAction> actions = new LinkedHashMap<>();
        debugger.threads().forEach(thread -> actions.put(thread, new ThreadAction.Continue(ThreadAction.NO_SIGNAL)));
        actions.putAll(special);
        return resumeOnly(actions);
    }

    /** Has some threads go on until the next stop; null where the guest has ended. */
    public StopReport resumeOnly(Map<ThreadId, ThreadAction> actions) {
        debugger.resume(actions);
        return await();
    }

    /** One instruction of a thread, while nobody else is told to do anything. */
    public StopReport step(ThreadId thread) {
        return resumeOnly(Map.of(thread, new ThreadAction.Step(ThreadAction.NO_SIGNAL)));
    }

    public StopReport reverseStep(ThreadId thread) {
        debugger.reverseStep(thread);
        return await();
    }

    public StopReport reverseContinue(ThreadId thread) {
        debugger.reverseContinue(thread);
        return await();
    }

    private StopReport await() {
        while (true) {
            RunStop stop = debugger.run(LIMIT_CYCLES, Long.MAX_VALUE);
            if (stop == RunStop.POWERED_OFF || stop == RunStop.CYCLE_LIMIT) {
                end = stop;
                return null;
            }
            if (stop == RunStop.DEADLOCK) {
                debugger.interrupt();
                return debugger.takeReport();
            }
            if (stop != RunStop.DEBUGGER) {
                throw new AssertionError(name + ": " + stop);
            }
            if (debugger.hasReport()) {
                return debugger.takeReport();
            }
        }
    }

    /** Without a debugger any more, to the end: POWERED_OFF, or DEADLOCK, or CYCLE_LIMIT where the guest does not end by itself. */
    public RunStop finish() {
        if (end == RunStop.CYCLE_LIMIT) {
            return end;
        }
        debugger.attachedProcesses().forEach(debugger::detach);
        return guest.history().advance(LIMIT_CYCLES, Long.MAX_VALUE);
    }

    public long register(ThreadId thread, int number) {
        return debugger.register(thread, number).orElseThrow();
    }

    public String console() {
        return console.text();
    }

    /** The statistics as a file has them, without what differs from run to run. */
    public String statistics() {
        return StatisticsFile.text(
                new Statistics(guest.assembly()).collect(name, machine().exitStatus()));
    }
}
