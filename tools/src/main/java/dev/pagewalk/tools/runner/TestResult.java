package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * How a test ended.
 *
 * @param failures what was not as expected, a few lines each; empty where all was
 * @param statistics of the run; null where there was none
 * @param durationNanos host time
 */
record TestResult(TestCase test, List<String> failures, ObjectNode statistics, long durationNanos) {
    /** A test that could not run at all, which is a failed one. */
    static TestResult notRun(TestCase test, String problem) {
        return new TestResult(test, List.of(problem), null, 0);
    }

    boolean passed() {
        return failures.isEmpty();
    }
}
