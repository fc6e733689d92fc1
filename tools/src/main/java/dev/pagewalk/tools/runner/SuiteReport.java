package dev.pagewalk.tools.runner;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a suite's progress as a tree, and in the end what a person wants to know. */
final class SuiteReport {
    private final PrintStream out;
    private final List<TestResult> results = new ArrayList<>();
    private String group = "";

    SuiteReport(PrintStream out) {
        this.out = out;
    }

    void add(TestResult result) {
        if (!result.test().group().equals(group)) {
            group = result.test().group();
            out.println(group);
        }
        String cycles = result.statistics() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%,15d cycles",
                        result.statistics().get("cycles").longValue());
        out.printf(
                "  %-4s  %-24s%s%n",
                result.passed() ? "ok" : "FAIL", result.test().name(), cycles);
        result.failures().forEach(failure -> failure.lines().forEach(line -> out.println("        " + line)));
        out.flush();
        results.add(result);
    }

    List<TestResult> results() {
        return results;
    }

    void printSummary() {
        if (results.isEmpty()) {
            out.println("no tests found: a test is an image, name.s or name.elf, with its name.yaml beside it");
            return;
        }
        List<TestResult> failed =
                results.stream().filter(result -> !result.passed()).toList();
        out.println();
        if (!failed.isEmpty()) {
            out.println("Failed:");
            failed.forEach(result -> out.println(
                    "  " + result.test().group() + " " + result.test().name()));
        }
        out.println((results.size() - failed.size()) + " passed, " + failed.size() + " failed");
    }

    boolean allPassed() {
        return !results.isEmpty() && results.stream().allMatch(TestResult::passed);
    }
}
