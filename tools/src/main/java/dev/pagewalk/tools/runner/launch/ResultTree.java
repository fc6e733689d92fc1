package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.report.TestRecord;
import dev.pagewalk.tools.text.PrintableText;
import java.io.PrintStream;
import java.util.Locale;

/** Prints results as a tree: folders, their tests, and what is wrong with those. */
final class ResultTree {
    private final PrintStream out;
    private String group = "";

    ResultTree(PrintStream out) {
        this.out = out;
    }

    void add(TestCase test, TestRecord result) {
        if (result.status() == TestRecord.Status.SKIPPED) {
            // The summary counts them; there may be very many.
            return;
        }
        String folder = test.image().folder().name();
        if (!folder.equals(group)) {
            group = folder;
            out.println(PrintableText.line(group));
        }
        String cycles = result.statistics() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%,15d cycles",
                        result.statistics().get("cycles").longValue());
        String heading = String.format(
                "  %-4s  %-48s%s", result.passed() ? "ok" : "FAIL", PrintableText.line(test.title()), cycles);
        out.println(heading.stripTrailing());
        result.failures().forEach(failure -> failure.lines().forEach(line -> out.println("        " + line)));
        out.flush();
    }
}
