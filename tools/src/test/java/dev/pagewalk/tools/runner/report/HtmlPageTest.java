package dev.pagewalk.tools.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page shows all tests, draws what they cost, and lets nothing that a guest printed become part of itself. */
class HtmlPageTest {
    private static final int COUNTERS = 7;

    @TempDir
    Path folder;

    /** Up to six suites have plots of their own, more have them together. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "45, 1, 1", "60, 2, 2", "61, 1, 1", "1000, 4, 4", "200, 7, 1"})
    void everyTestHasARowAndEverySuiteItsPlots(int tests, int suites, int parts) throws Exception {
        String page = page(SampleRecords.many(tests, suites));

        assertHas(page, "<h1>" + tests + " passed, 0 failed</h1>");
        assertThat(all(page, "<tr id=\"test-")).hasSize(tests);
        assertThat(all(page, "<svg ")).hasSizeBetween(parts * (COUNTERS - 2), parts * COUNTERS);
        assertThat(page.length()).isLessThan(3_000_000);
        assertLinksAndNamesAreGood(page);
    }

    @Test
    void whatFailedAndWhatWasSkippedStandsAboveEverythingElse() throws Exception {
        String page = page(List.of(
                SampleRecords.passed("s", "good"),
                SampleRecords.failed(
                        "s", "bad", "console differs\n--- expected\n+++ actual\n@@ -1 +1 @@\n same\n-old\n+new"),
                SampleRecords.skipped("s", "late", "no time")));

        assertHas(page, "<h1>1 passed, 1 failed, 1 skipped</h1>");
        assertThat(page.indexOf("<h2>Failed</h2>"))
                .isBetween(0, page.indexOf("<h2>Skipped</h2>"))
                .isLessThan(page.indexOf("<h2>Counters</h2>"));
        assertHas(page, "<details id=\"complaint-2\" open>");
        assertHas(page, "console differs\n");
        assertHas(page, "<span class=\"place\">--- expected\n</span>");
        assertHas(page, " same\n<span class=\"removed\">-old\n</span><span class=\"added\">+new\n</span>");
        assertHas(page, "no time");
        assertLinksAndNamesAreGood(page);
    }

    @Test
    void nothingThatATestSaysBecomesMarkup() throws Exception {
        String hostile = "</pre><script>alert('x')</script>&amp;\u0000\u001b\"'";

        String page = page(List.of(
                SampleRecords.failed(hostile, hostile, hostile),
                SampleRecords.passed(hostile, "b", hostile, SampleRecords.statistics(5)),
                SampleRecords.passed(hostile, "b", hostile + 2, SampleRecords.statistics(9))));

        assertLacks(page, "<script");
        assertLacks(page, "\u0000");
        assertLacks(page, "\u001b");
        assertHas(page, "&lt;/pre&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;amp;\\x00\\x1b");
        assertThat(all(page, "(?i)\\b(?:src|href|action)=\"(?!#)")).isEmpty();
    }

    @Test
    void variantsStandSideBySide() throws Exception {
        String page = page(List.of(
                SampleRecords.passed("s", "a", "fork=cow", SampleRecords.statistics(1000)),
                SampleRecords.passed("s", "a", "fork=eager", SampleRecords.statistics(1500)),
                SampleRecords.passed("s", "alone", "", SampleRecords.statistics(1))));

        assertHas(page, "<summary>s/a: 2 variants</summary>");
        assertHas(page, "<td class=\"bar\" style=\"--share:66.7%\">1,000</td>");
        assertHas(page, "<td class=\"bar\" style=\"--share:100.0%\">1,500 (+50.0%)</td>");
        assertLacks(page, "s/alone: ");
        assertLacks(page(List.of(SampleRecords.passed("s", "a"))), "<h2>Variants");
    }

    @Test
    void statisticsMayLackAnythingAndHoldAnyNumber() throws Exception {
        ObjectNode huge = SampleRecords.statistics(Long.MAX_VALUE);
        ObjectNode odd =
                JsonNodeFactory.instance.objectNode().put("cycles", "many").put("instructions", -5);
        List<TestRecord> few = List.of(
                SampleRecords.passed("s", "empty", "", JsonNodeFactory.instance.objectNode()),
                SampleRecords.passed("s", "odd", "", odd),
                SampleRecords.passed("s", "none", "", null),
                SampleRecords.passed("s", "zero", "", SampleRecords.statistics(0)),
                SampleRecords.passed("s", "huge", "", huge));
        List<TestRecord> many = new ArrayList<>(SampleRecords.many(100, 1));
        many.addAll(few);

        assertHas(page(few), "9,223,372,036,854,77");
        assertHas(page(many), "<svg ");
        assertHas(page(List.of()), "nothing to plot");
        assertThat(page(List.of(SampleRecords.passed("s", "zero", "", SampleRecords.statistics(0)))))
                .contains("None, in any of these tests: cycles, instructions, ");
    }

    @Test
    void aLongFailureIsCut() throws Exception {
        String page = page(List.of(SampleRecords.failed("s", "a", "x".repeat(1_000_000))));

        assertHas(page, "980,000 characters more in results.json");
        assertThat(page.length()).isLessThan(200_000);
    }

    @Test
    void thePageOfAShardSaysWhich() throws Exception {
        ReportFolder.open(folder).write(new Results(new Shard(2, 4), SampleRecords.many(1, 1)));

        assertThat(folder.resolve("index.html")).content().contains("Shard 2/4. 1 test in 1 suite; 1.2 s");
    }

    private String page(List<TestRecord> tests) throws UserErrorException, IOException {
        ReportFolder.open(folder).write(new Results(null, tests));
        return Files.readString(folder.resolve("index.html"));
    }

    /** A page is too long to be printed where something is not as it should be. */
    private static void assertHas(String page, String text) {
        assertThat(page.contains(text)).as("has " + text).isTrue();
    }

    private static void assertLacks(String page, String text) {
        assertThat(page.contains(text)).as("has " + text).isFalse();
    }

    private static void assertLinksAndNamesAreGood(String page) {
        List<String> ids = all(page, " id=\"([^\"]*)\"");
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids).containsAll(all(page, " href=\"#([^\"]*)\""));
        assertThat(ids).containsAll(all(page, "url\\(#([^)]*)\\)"));
    }

    private static List<String> all(String page, String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        while (matcher.find()) {
            found.add(matcher.group(matcher.groupCount()));
        }
        return found;
    }
}
