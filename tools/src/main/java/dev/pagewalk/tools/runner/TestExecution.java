package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.images.suite.CounterBound;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestFiles;
import dev.pagewalk.tools.run.GuestRun;
import dev.pagewalk.tools.run.GuestsUnderTest;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.text.PrintableText;
import dev.pagewalk.tools.trace.RecentEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs one test image on a machine of its own and compares what it did with what was expected. */
public final class TestExecution {
    private static final int MOST_PERCENT = 1000;
    private static final int INNERMOST_FRAMES = 8;

    private final TestCase test;
    private final TestOptions options;
    private final RecentEvents recentEvents = new RecentEvents(LastEvents.KEPT);
    private final List<TestFailure> failures = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();

    private TestExecution(TestCase test, TestOptions options) {
        this.test = test;
        this.options = options;
    }

    /**
     * Runs a test, as often as the options say. Whatever goes wrong with it is a failure of the test, so that others can run;
     * but for the host's running out of memory, which may be theirs.
     */
    public static TestOutcome execute(TestCase test, TestOptions options) {
        TestOutcome first = new TestExecution(test, options).execute();
        for (int run = 2; run <= options.repetitions() && first.passed(); run++) {
            TestOutcome again = new TestExecution(test, options).execute();
            if (!again.passed()) {
                return again;
            }
            if (!again.statistics().equals(first.statistics())) {
                TestFailure failure = TestFailure.of("run " + run + " differs from the first: "
                        + StatisticsDifference.describe(first.statistics(), again.statistics()));
                return new TestOutcome(test, List.of(failure), List.of(), again.statistics(), again.durationNanos());
            }
        }
        return first;
    }

    private TestOutcome execute() {
        long start = System.nanoTime();
        ObjectNode statistics = null;
        if (!test.image().problem().isEmpty()) {
            fail(PrintableText.line(test.image().problem()));
        } else {
            try {
                statistics = run();
            } catch (UserErrorException e) {
                fail(reason(e));
            } catch (ProgramException e) {
                fail(PrintableText.line(e.getMessage()));
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                fail(PrintableText.line("internal error: " + e) + at(e));
            }
        }
        return new TestOutcome(test, failures, hints, statistics, System.nanoTime() - start);
    }

    /** Where it was thrown, for whoever has to mend it. */
    private static String at(Throwable e) {
        return Stream.of(e.getStackTrace())
                .limit(INNERMOST_FRAMES)
                .map(frame -> "\n  at " + frame)
                .collect(Collectors.joining());
    }

    private ObjectNode run() throws UserErrorException, ProgramException {
        TestMachine machine =
                TestMachine.choose(test.image().imageName(), test.variant().machine(), options.machine());
        LimitedConsole console = new LimitedConsole();
        MachineAssembly assembly = new MachineAssembly(
                machine.config(),
                machine.engine(),
                machine.kernel().withTrace(recentEvents),
                new BytesConsoleInput(stdin()),
                console,
                new Framebuffer());
        console.stopAtLimit(assembly.machine());
        List<String> argv = new ArrayList<>();
        argv.add(test.image().name());
        argv.addAll(expectation().args());
        GuestRun guest = new GuestRun(assembly, console);
        guest.boot(
                test.image().imageName(),
                test.image().folder().image(test.image().fileName()),
                ProgramArguments.of(argv, List.of()),
                GuestFiles.read(expectation().files()));
        int status = guest.run(machine.maxCycles());
        ObjectNode statistics = new Statistics(assembly).collect(test.image().name(), status);
        checkEnd(guest, status, console);
        checkConsole(console.text());
        checkCounters(statistics);
        checkGolden(machine, statistics);
        checkFrames(assembly.kernel(), status);
        if (!failures.isEmpty()) {
            assembly.endTrace();
            addHints(machine);
        }
        return statistics;
    }

    private Expectation expectation() {
        return test.image().expectation();
    }

    /** An assembler's errors are a line each; anything else is one, whatever names are in it. */
    private String reason(UserErrorException e) {
        String name = test.image().imageName();
        return e.status() == ExitStatus.NOT_RUNNABLE
                ? e.getMessage().replace(name, PrintableText.line(name))
                : PrintableText.line(e.getMessage());
    }

    private void fail(String text) {
        failures.add(TestFailure.of(text));
    }

    private byte[] stdin() throws UserErrorException {
        if (expectation().stdinFile().isEmpty()) {
            return expectation().stdin().getBytes(StandardCharsets.UTF_8);
        }
        return HostFiles.readRegular(expectation().stdinFile().get(), "stdin-file");
    }

    private void checkEnd(GuestRun guest, int status, LimitedConsole console) {
        if (!guest.violations().isEmpty()) {
            fail(guest.reason() + "\n" + guest.violations().get(0));
        } else if (console.isOverLimit()) {
            fail("the guest prints more than " + (GuestsUnderTest.MOST_CONSOLE_BYTES >> 20) + " MiB; it was stopped");
        } else if (status != expectation().exit()) {
            String why = guest.reason().isEmpty() ? "" : " (" + guest.reason() + ")";
            fail("exit status is " + status + why + ", not " + expectation().exit());
        }
    }

    private void checkConsole(String actual) {
        try {
            if (expectation().allowsConsole(actual)) {
                return;
            }
        } catch (ExpectationException e) {
            fail(PrintableText.line(e.getMessage()));
            return;
        }
        if (expectation().console().isPresent()) {
            String expected = expectation().console().get();
            failures.add(new TestFailure(ConsoleDifference.describe(expected, actual), expected, actual));
        } else {
            String pattern = expectation().consoleMatches().orElseThrow().pattern();
            fail("console differs\nexpected a match of " + PrintableText.line(pattern) + "\nactual   "
                    + ConsoleDifference.quoted(actual));
        }
    }

    private void checkCounters(ObjectNode statistics) {
        for (Map.Entry<String, CounterBound> entry : expectation().counters().entrySet()) {
            OptionalLong counter = requireCounter(statistics, entry.getKey());
            if (counter.isPresent() && !entry.getValue().allows(counter.getAsLong())) {
                fail(entry.getKey() + " is " + counter.getAsLong() + ", not " + shown(entry.getValue()));
            }
        }
    }

    private void checkGolden(TestMachine machine, ObjectNode statistics) {
        if (options.updatesGolden() && !machine.isOwn()) {
            fail("golden counters are those of the test's own machine; write them without options that change it");
        }
        if (options.updatesGolden() || !machine.isOwn()) {
            return;
        }
        for (String stray : expectation().strayGolden()) {
            String what = stray.isEmpty()
                    ? "counters stand there for no machine"
                    : "'" + PrintableText.line(stray) + "' is no machine";
            fail("golden: " + what + " of the matrix; --update-golden writes them anew");
        }
        for (Map.Entry<String, Long> entry : test.variant().golden().entrySet()) {
            OptionalLong counter = requireCounter(statistics, entry.getKey());
            if (counter.isPresent() && counter.getAsLong() != entry.getValue()) {
                fail("golden " + entry.getKey() + " was " + entry.getValue() + ", is " + counter.getAsLong()
                        + change(entry.getValue(), counter.getAsLong()));
            }
        }
    }

    /** The counter of that name; none, which is a failure, where there is no such counter. */
    private OptionalLong requireCounter(ObjectNode statistics, String name) {
        JsonNode counter = counter(statistics, name);
        if (counter.isIntegralNumber()) {
            return OptionalLong.of(counter.longValue());
        }
        fail("there is no counter " + PrintableText.line(name));
        return OptionalLong.empty();
    }

    private void checkFrames(Kernel kernel, int status) {
        boolean ended = status != ExitStatus.CYCLE_LIMIT && status != ExitStatus.INTERRUPTED;
        if (ended) {
            GuestsUnderTest.lostFrames(kernel).ifPresent(this::fail);
        }
    }

    private void addHints(TestMachine machine) {
        List<String> events = LastEvents.lines(recentEvents);
        if (!events.isEmpty()) {
            hints.add("last events, by cycle:\n" + String.join("\n", events));
        }
        if (test.image().folder().hasCommands()) {
            hints.add("to test it again:  " + Reproduction.testCommand(test, options) + "\nto watch it:       "
                    + Reproduction.bootCommand(test, machine));
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
}
