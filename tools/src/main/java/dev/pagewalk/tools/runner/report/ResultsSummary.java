package dev.pagewalk.tools.runner.report;

import dev.pagewalk.tools.text.PrintableText;
import java.io.PrintStream;
import java.util.List;

/** What a person wants to know when a suite has run. */
public final class ResultsSummary {
    private ResultsSummary() {}

    /** Names the tests that failed, then counts all. */
    public static void print(Results results, PrintStream out) {
        List<TestRecord> failed = results.all(TestRecord.Status.FAILED);
        if (!failed.isEmpty()) {
            out.println("Failed:");
            failed.forEach(test -> out.println("  " + PrintableText.line(test.id())));
        }
        out.println(counts(results));
    }

    /** {@code 3 passed, 1 failed}, and skipped ones where there are any. */
    static String counts(Results results) {
        long skipped = results.count(TestRecord.Status.SKIPPED);
        return results.count(TestRecord.Status.PASSED) + " passed, " + results.count(TestRecord.Status.FAILED)
                + " failed" + (skipped == 0 ? "" : ", " + skipped + " skipped");
    }

    /** Whether at least one test passed and none failed. */
    public static boolean isSuccess(Results results) {
        return results.count(TestRecord.Status.PASSED) > 0 && results.count(TestRecord.Status.FAILED) == 0;
    }
}
