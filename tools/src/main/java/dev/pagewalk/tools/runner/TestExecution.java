package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.images.suite.CounterBound;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestFiles;
import dev.pagewalk.tools.run.GuestRun;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.ImageSource;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs one test image on a machine of its own and compares what it did with what was expected. */
final class TestExecution {
    /** A guest may print for ever; no expectation is that long. */
    private static final int CONSOLE_LIMIT_BYTES = 16 << 20;

    private static final int SHOWN_CHARACTERS = 400;
    private static final int MOST_PERCENT = 1000;

    private final TestCase test;
    private final MachineChoice.Chosen machine;
    private final boolean checksGolden;

    /** @param checksGolden false where the golden counters are about to be rewritten */
    TestExecution(TestCase test, MachineChoice.Chosen machine, boolean checksGolden) {
        this.test = test;
        this.machine = machine;
        this.checksGolden = checksGolden;
    }

    TestResult execute() {
        long start = System.nanoTime();
        List<String> failures = new ArrayList<>();
        ObjectNode statistics = null;
        try {
            CapturedConsoleOutput console = new CapturedConsoleOutput(CONSOLE_LIMIT_BYTES);
            statistics = run(console, failures);
            checkConsole(console.text(), failures);
            checkCounters(statistics, failures);
            checkFrames(statistics, failures);
        } catch (UserErrorException | ProgramException | ExpectationException e) {
            failures.add(e.getMessage());
        }
        return new TestResult(test, failures, statistics, System.nanoTime() - start);
    }

    private ObjectNode run(CapturedConsoleOutput console, List<String> failures)
            throws UserErrorException, ProgramException {
        byte[] stdin = stdin();
        MachineAssembly assembly = new MachineAssembly(
                machine.config(), machine.kernel(), new BytesConsoleInput(stdin), console, new Framebuffer());
        List<String> argv = new ArrayList<>();
        argv.add(test.name());
        argv.addAll(test.expectation().args());
        GuestRun guest = new GuestRun(assembly, console);
        guest.boot(
                test.image(),
                ImageSource.load(test.image()),
                ProgramArguments.of(argv, List.of()),
                GuestFiles.read(test.expectation().files()));
        int status = guest.run(machine.maxCycles());
        if (!guest.violations().isEmpty()) {
            failures.add(guest.reason() + "\n" + guest.violations().get(0));
        } else if (status != test.expectation().exit()) {
            String why = guest.reason().isEmpty() ? "" : " (" + guest.reason() + ")";
            failures.add("exit status is " + status + why + ", not "
                    + test.expectation().exit());
        }
        return new Statistics(assembly).collect(test.name(), status);
    }

    private byte[] stdin() throws UserErrorException {
        if (test.expectation().stdinFile().isEmpty()) {
            return test.expectation().stdin().getBytes(StandardCharsets.UTF_8);
        }
        Path file = test.expectation().stdinFile().get();
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserErrorException(
                    ExitStatus.USAGE, "stdin-file " + file + " cannot be read: " + HostFiles.reason(e));
        }
    }

    private void checkConsole(String actual, List<String> failures) throws ExpectationException {
        Expectation expectation = test.expectation();
        if (!expectation.allowsConsole(actual)) {
            String expected = expectation.console().isPresent()
                    ? "expected " + shown(expectation.console().get())
                    : "expected a match of " + expectation.consoleMatches().orElseThrow();
            failures.add("console differs\n" + expected + "\nactual   " + shown(actual));
        }
    }

    private void checkCounters(ObjectNode statistics, List<String> failures) {
        for (Map.Entry<String, CounterBound> entry :
                test.expectation().counters().entrySet()) {
            JsonNode counter = counter(statistics, entry.getKey());
            if (!counter.isIntegralNumber()) {
                failures.add("there is no counter " + entry.getKey());
            } else if (!entry.getValue().allows(counter.longValue())) {
                failures.add(entry.getKey() + " is " + counter + ", not " + shown(entry.getValue()));
            }
        }
        if (!checksGolden || !machine.isOwn()) {
            return;
        }
        for (Map.Entry<String, Long> entry : test.expectation().golden().entrySet()) {
            JsonNode counter = counter(statistics, entry.getKey());
            if (!counter.isIntegralNumber()) {
                failures.add("there is no counter " + entry.getKey());
            } else if (counter.longValue() != entry.getValue()) {
                failures.add("golden " + entry.getKey() + " was " + entry.getValue() + ", is " + counter
                        + change(entry.getValue(), counter.longValue()));
            }
        }
    }

    /** Every frame is back when a guest has ended, whatever its expectations say. */
    private void checkFrames(ObjectNode statistics, List<String> failures) {
        boolean ended = statistics.get("exit").intValue() != ExitStatus.CYCLE_LIMIT;
        JsonNode frames = statistics.get("frames");
        if (ended && !frames.get("free_at_boot").equals(frames.get("free_at_exit"))) {
            failures.add("frames are lost: " + frames.get("free_at_boot") + " were free at boot, "
                    + frames.get("free_at_exit") + " are at exit");
        }
    }

    /** The counter at a path such as {@code faults.cow}. */
    static JsonNode counter(ObjectNode statistics, String path) {
        return statistics.at("/" + path.replace('.', '/'));
    }

    /** Where there is no old value, or a small one, a percentage says less than the two numbers do. */
    private static String change(long before, long after) {
        double percent = 100.0 * ((double) after - before) / Math.abs((double) before);
        return before == 0 || Math.abs(percent) >= MOST_PERCENT
                ? ""
                : String.format(Locale.ROOT, " (%+.2f %%)", percent);
    }

    /** {@code 8} rather than {@code == 8}. */
    private static String shown(CounterBound bound) {
        return bound.toString().replaceFirst("^== ", "");
    }

    private static String shown(String text) {
        String cut = text.length() <= SHOWN_CHARACTERS
                ? text
                : text.substring(0, SHOWN_CHARACTERS) + "... (" + text.length() + " characters)";
        return '"' + cut.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
    }
}
