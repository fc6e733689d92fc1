package dev.pagewalk.tools.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.metrics.StatisticsFile;
import dev.pagewalk.tools.run.GuestFiles;
import dev.pagewalk.tools.run.GuestRun;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.testing.TestGuest;
import dev.pagewalk.tools.testing.TestedEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every guest that comes with Pagewalk, on all its machines, leaves the same behind whichever engine executes it. */
class EnginesAgreeTest {
    private static final EngineOptions INTERPRETER = EngineOptions.of(EngineKind.INTERPRETER);

    /** Code is translated when a guest comes to it again: most of these guests are short. */
    private static final EngineOptions EAGER = TestedEngine.TRANSLATOR.options();

    /** Few regions at a time, so that there are too many ever again. */
    private static final EngineOptions CRAMPED = EAGER.withMostRegions(3);

    /** On the host's other thread, whenever that is done. */
    private static final EngineOptions BACKGROUND =
            EngineOptions.of(EngineKind.AUTO).withHotVisits(5);

    /** What a run leaves behind, but for what an engine may change. */
    private record Trail(int status, String reason, String console, String statistics, List<String> violations) {}

    static Stream<Named<TestCase>> catalog() {
        return cases("catalog");
    }

    static Stream<Named<TestCase>> conformance() {
        return cases("conformance");
    }

    private static Stream<Named<TestCase>> cases(String suite) {
        return TestImage.in(BuiltInSuites.find(suite).orElseThrow()).stream()
                .flatMap(image -> TestCase.of(suite, image).stream())
                .map(test -> Named.of(test.title(), test));
    }

    /** Those whose code and page tables change most, and that have several harts execute the same. */
    static Stream<Named<TestCase>> lively() {
        return catalog()
                .filter(
                        test -> test.getName()
                                .matches(
                                        "(asid|barrier|cow|exec|fork|mprotect|spinlock|threads).*|shootdown-storm.harts=4,shootdown=l.*"));
    }

    @ParameterizedTest
    @MethodSource({"catalog", "conformance"})
    void theTranslatorLeavesBehindWhatTheInterpreterLeaves(TestCase test) throws Exception {
        assertThat(run(test, EAGER)).isEqualTo(run(test, INTERPRETER));
    }

    @ParameterizedTest
    @MethodSource("lively")
    void soItDoesWhereThereAreEverTooManyRegions(TestCase test) throws Exception {
        assertThat(run(test, CRAMPED)).isEqualTo(run(test, INTERPRETER));
    }

    @ParameterizedTest
    @MethodSource("lively")
    void soItDoesWhereTheHostsTimeDecidesWhenRegionsAreThere(TestCase test) throws Exception {
        assertThat(run(test, BACKGROUND)).isEqualTo(run(test, INTERPRETER));
    }

    /** Else all of this would compare the interpreter with itself. */
    @Test
    void theTranslatorExecutesMostOfALongGuest() {
        for (EngineOptions engine : List.of(INTERPRETER, EAGER, CRAMPED)) {
            TestGuest guest = TestGuest.booted("sieve", TestGuest.config(), engine, KernelConfig.quiet());
            guest.finish();
            Machine machine = guest.assembly().machine();
            long retired =
                    machine.harts().stream().mapToLong(hart -> hart.retired).sum();
            long translated = machine.engineReport().translatedInstructions();

            if (engine == INTERPRETER) {
                assertThat(translated).isZero();
            } else {
                assertThat(translated).isBetween(retired / 10 * 9, retired);
            }
        }
    }

    private static Trail run(TestCase test, EngineOptions engine) throws UserErrorException, ProgramException {
        TestMachine machine =
                TestMachine.choose(test.image().imageName(), test.variant().machine(), Map.of());
        var expectation = test.image().expectation();
        byte[] stdin = expectation.stdin().getBytes(StandardCharsets.UTF_8);
        LimitedConsole console = new LimitedConsole();
        MachineAssembly assembly = new MachineAssembly(
                machine.config(), engine, machine.kernel(), new BytesConsoleInput(stdin), console, new Framebuffer());
        console.stopAtLimit(assembly.machine());
        List<String> argv = new ArrayList<>(List.of(test.image().name()));
        argv.addAll(expectation.args());
        GuestRun run = new GuestRun(assembly, console);
        run.boot(
                test.image().imageName(),
                test.image().folder().image(test.image().fileName()),
                ProgramArguments.of(argv, List.of()),
                GuestFiles.read(expectation.files()));
        int status = run.run(machine.maxCycles());
        return new Trail(
                status,
                run.reason(),
                console.text(),
                StatisticsFile.text(
                        new Statistics(assembly).collect(test.image().name(), status)),
                run.violations());
    }
}
