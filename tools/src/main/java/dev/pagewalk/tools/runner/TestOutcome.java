package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.tools.runner.report.TestRecord;
import dev.pagewalk.tools.text.PrintableText;
import java.util.ArrayList;
import java.util.List;

/**
 * How a test ended.
 *
 * @param failures what was not as expected; empty where all was
 * @param hints where there are failures, what helps to find their cause: the last events, commands; a few lines each
 * @param statistics of the run; null where there was none
 * @param durationNanos host time
 */
public record TestOutcome(
        TestCase test, List<TestFailure> failures, List<String> hints, ObjectNode statistics, long durationNanos) {
    /** A test that could not run, which is a failed one. */
    public static TestOutcome notRun(TestCase test, String problem) {
        return new TestOutcome(test, List.of(TestFailure.of(problem)), List.of(), null, 0);
    }

    /** The same, but failed for one reason more, which is one line. */
    public TestOutcome failedToo(String text) {
        List<TestFailure> all = new ArrayList<>(failures);
        all.add(TestFailure.of(PrintableText.line(text)));
        return new TestOutcome(test, all, hints, statistics, durationNanos);
    }

    public boolean passed() {
        return failures.isEmpty();
    }

    /** All that there is to read about it, a few lines each, fit for a terminal. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        failures.forEach(failure -> texts.add(PrintableText.of(failure.text())));
        hints.forEach(hint -> texts.add(PrintableText.of(hint)));
        return texts;
    }

    /** As reports have it. */
    public TestRecord asRecord() {
        TestRecord.Status status = passed() ? TestRecord.Status.PASSED : TestRecord.Status.FAILED;
        return test.record(status, texts(), statistics, durationNanos / 1_000_000);
    }
}
