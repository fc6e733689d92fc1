package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pagewalk.images.suite.GoldenWriter;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs test images and reports: what {@code pagewalk test} does. */
public final class SuiteRunner {
    /** What a test without golden counters gets from {@code --update-golden}. */
    private static final List<String> DEFAULT_GOLDEN = List.of("cycles", "instructions");

    /** What the folder is for, for messages. */
    private static final String REPORTS = "reports";

    private final MachineChoice machines;
    private final boolean updatesGolden;
    private final SuiteReport report;

    /**
     * @param machines says on which machine a test runs
     * @param updatesGolden write exact counters into the expectation files instead of comparing them
     */
    public SuiteRunner(MachineChoice machines, boolean updatesGolden, PrintStream out) {
        this.machines = machines;
        this.updatesGolden = updatesGolden;
        this.report = new SuiteReport(out);
    }

    /**
     * Runs all tests below the paths. A test whose files are no good fails, and the others run.
     *
     * @param reports the folder for JUnit XML; null for none
     * @return whether at least one ran and all passed
     * @throws UserErrorException where a path is no good or a report cannot be written, before any test has run
     */
    public boolean run(List<String> paths, Path reports) throws UserErrorException {
        List<TestCase> tests = new ArrayList<>();
        for (String path : paths) {
            tests.addAll(SuiteFinder.find(path));
        }
        if (updatesGolden && tests.stream().anyMatch(TestCase::isOfCatalog)) {
            throw new UserErrorException(
                    ExitStatus.USAGE, "the catalog cannot be rewritten; name the folder with its sources instead");
        }
        if (reports != null) {
            HostFiles.makeFolder(reports, REPORTS);
            HostFiles.requireWritable(reports.resolve(JUnitXml.FILE_NAME), REPORTS);
        }
        for (TestCase test : tests) {
            report.add(execute(test));
        }
        if (reports != null) {
            HostFiles.write(reports.resolve(JUnitXml.FILE_NAME), JUnitXml.of(report.results()), REPORTS);
        }
        report.printSummary();
        return report.allPassed();
    }

    private TestResult execute(TestCase test) {
        if (!test.problem().isEmpty()) {
            return TestResult.notRun(test, test.problem());
        }
        try {
            MachineChoice.Chosen machine =
                    machines.choose(test.image(), test.expectation().machine());
            TestResult result = new TestExecution(test, machine, !updatesGolden).execute();
            if (updatesGolden && result.passed()) {
                updateGolden(result);
            }
            return result;
        } catch (UserErrorException e) {
            return TestResult.notRun(test, e.getMessage());
        }
    }

    private static void updateGolden(TestResult result) throws UserErrorException {
        Path file = result.test().expectationFile();
        Map<String, Long> old = result.test().expectation().golden();
        Map<String, Long> golden = new LinkedHashMap<>();
        for (String counter : old.isEmpty() ? DEFAULT_GOLDEN : old.keySet()) {
            JsonNode value = TestExecution.counter(result.statistics(), counter);
            if (!value.isIntegralNumber()) {
                throw new UserErrorException(ExitStatus.USAGE, file + ": there is no counter " + counter);
            }
            golden.put(counter, value.longValue());
        }
        String text;
        try {
            text = GoldenWriter.update(Files.readString(file), golden);
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, file + ": cannot be read: " + HostFiles.reason(e));
        }
        HostFiles.write(file, text.getBytes(StandardCharsets.UTF_8), "golden counters");
    }
}
