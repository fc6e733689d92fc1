package dev.pagewalk.tools.testing;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.images.suite.ExpectationReader;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.metrics.StatisticsFile;
import dev.pagewalk.tools.run.GuestRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A guest on a machine of its own, with its input and its console in memory. */
public final class TestGuest {
    /** The reference. */
    private static final EngineOptions INTERPRETED = EngineOptions.of(EngineKind.INTERPRETER);

    private static final int CONSOLE_BYTES = 1 << 20;

    private final String name;
    private final MachineAssembly assembly;
    private final CapturedConsoleOutput console = new CapturedConsoleOutput(CONSOLE_BYTES);
    private final ProgramArguments program;

    private TestGuest(
            String name, Expectation expectation, MachineConfig config, EngineOptions engine, KernelConfig kernel) {
        this.name = name;
        byte[] stdin = expectation.stdin().getBytes(StandardCharsets.UTF_8);
        List<String> argv = new ArrayList<>(List.of(name));
        argv.addAll(expectation.args());
        program = ProgramArguments.of(argv, List.of());
        try {
            assembly = new MachineAssembly(
                    config, engine, kernel, new BytesConsoleInput(stdin), console, new Framebuffer());
        } catch (ProgramException e) {
            throw new AssertionError(e);
        }
    }

    /** Four harts and 64 MiB. */
    public static MachineConfig config(PagingMode mode, String profile) {
        return new MachineConfig(4, 64 << 20, mode, TimingProfiles.find(profile));
    }

    public static MachineConfig config() {
        return config(PagingMode.SV48, TimingProfiles.DEFAULT_NAME);
    }

    /** What the catalog expects of one of its guests. */
    public static Expectation expectation(String name) {
        try {
            return ExpectationReader.parse(name, ImageCatalog.expectation(name).orElseThrow(), Path.of(""));
        } catch (ExpectationException e) {
            throw new AssertionError(e);
        }
    }

    /** A guest of the catalog with the arguments and the input of its expectation, before its first instruction. */
    public static TestGuest booted(String name, MachineConfig config) {
        return booted(name, config, KernelConfig.quiet());
    }

    public static TestGuest booted(String name, MachineConfig config, KernelConfig kernel) {
        return booted(name, config, INTERPRETED, kernel);
    }

    public static TestGuest booted(String name, MachineConfig config, EngineOptions engine, KernelConfig kernel) {
        TestGuest guest = new TestGuest(name, expectation(name), config, engine, kernel);
        guest.boot(ImageCatalog.image(name).orElseThrow());
        return guest;
    }

    /** The same machine before its guest is loaded: what a snapshot is restored into. */
    public static TestGuest poweredOn(String name, MachineConfig config) {
        return poweredOn(name, config, INTERPRETED);
    }

    public static TestGuest poweredOn(String name, MachineConfig config, EngineOptions engine) {
        return new TestGuest(name, expectation(name), config, engine, KernelConfig.quiet());
    }

    /** A guest that is no part of the catalog. */
    public static TestGuest assembled(String source, MachineConfig config) {
        return assembled(source, config, KernelConfig.quiet());
    }

    public static TestGuest assembled(String source, MachineConfig config, KernelConfig kernel) {
        return assembled(source, config, INTERPRETED, kernel);
    }

    public static TestGuest assembled(String source, MachineConfig config, EngineOptions engine, KernelConfig kernel) {
        try {
            ElfImage image = Assembler.assemble("test.s", source);
            Expectation none = ExpectationReader.parse("test", "", Path.of(""));
            TestGuest guest = new TestGuest("test", none, config, engine, kernel);
            guest.boot(image);
            return guest;
        } catch (AssemblyException | ExpectationException e) {
            throw new AssertionError(e);
        }
    }

    private void boot(ElfImage image) {
        try {
            assembly.kernel().boot(image, program);
        } catch (ProgramException e) {
            throw new AssertionError(e);
        }
    }

    public MachineAssembly assembly() {
        return assembly;
    }

    /** Runs to the guest's end and gives its exit status. */
    public int finish() {
        GuestRun run = new GuestRun(assembly, console);
        int status = run.run(Long.MAX_VALUE);
        if (!run.reason().isEmpty()) {
            throw new AssertionError(name + ": " + run.reason());
        }
        return status;
    }

    /** Runs up to a cycle, or to the guest's end. */
    public RunStop pauseAt(long cycle) {
        return assembly.machine().run(Long.MAX_VALUE, cycle);
    }

    public String console() {
        return console.text();
    }

    /** The statistics as a file has them, without what differs from run to run. */
    public String statistics() {
        return StatisticsFile.text(
                new Statistics(assembly).collect(name, assembly.machine().exitStatus()));
    }
}
