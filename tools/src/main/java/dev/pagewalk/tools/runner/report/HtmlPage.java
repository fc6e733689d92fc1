package dev.pagewalk.tools.runner.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.style;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;

import com.google.common.io.Resources;
import dev.pagewalk.tools.text.PrintableText;
import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Results as a page for people: what failed and why, what tests cost beside each other, then all tests. One file, which
 * needs neither scripts nor the network; what guests have printed is text in it, never markup.
 */
final class HtmlPage {
    /** The page's name within its folder. */
    static final String FILE_NAME = "index.html";

    /** Even a page's own scripts would not run. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private static final int OPEN_FAILURES = 20;
    private static final int MOST_FAILURE_CHARACTERS = 20_000;

    private final Results results;
    private final List<NumberedTest> tests = new ArrayList<>();

    private HtmlPage(Results results) {
        this.results = results;
        for (TestRecord test : results.tests()) {
            tests.add(new NumberedTest(tests.size() + 1, test));
        }
    }

    /** The page's text, in UTF-8. */
    static byte[] of(Results results) {
        return new HtmlPage(results).render().getBytes(StandardCharsets.UTF_8);
    }

    private String render() {
        VariantTables variants = new VariantTables(results.tests());
        return document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().attr("http-equiv", "Content-Security-Policy")
                                        .withContent(POLICY),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                meta().withName("color-scheme").withContent("light dark"),
                                title(ResultsSummary.counts(results) + " - Pagewalk"),
                                style(rawHtml(styles()))),
                        body(
                                overview(),
                                chapter("Failed", TestRecord.Status.FAILED),
                                chapter("Skipped", TestRecord.Status.SKIPPED),
                                iff(!variants.isEmpty(), section(h2("Variants"), variants.content())),
                                section(h2("Counters"), new CounterPlots(tests).content()),
                                section(h2("All tests"), allTests())))
                .withLang("en"));
    }

    private static String styles() {
        try {
            return Resources.toString(Resources.getResource(HtmlPage.class, "page.css"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DomContent overview() {
        long millis =
                results.tests().stream().mapToLong(TestRecord::durationMillis).sum();
        String part = results.shard() == null ? "" : "Shard " + results.shard() + ". ";
        return header(
                h1(ResultsSummary.counts(results)),
                div(each(List.of(TestRecord.Status.values()), this::share)).withClass("shares"),
                p(part + count(results.tests().size(), "test") + " in "
                                + count(
                                        (int) results.tests().stream()
                                                .map(TestRecord::suite)
                                                .distinct()
                                                .count(),
                                        "suite")
                                + String.format(Locale.ROOT, "; %,.1f s of host time for all of them.", millis / 1e3))
                        .withClass("note"));
    }

    private DomContent share(TestRecord.Status status) {
        return span().withClass(status.name().toLowerCase(Locale.ROOT)).withStyle("flex-grow:" + results.count(status));
    }

    private static String count(int count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    /** Tests that ended that way, with all that there is to say of them; nothing where there are none. */
    private DomContent chapter(String heading, TestRecord.Status status) {
        List<NumberedTest> concerned =
                tests.stream().filter(test -> test.test().status() == status).toList();
        return iff(
                !concerned.isEmpty(),
                section(h2(heading), each(concerned, (index, test) -> complaint(test, index < OPEN_FAILURES))));
    }

    private static DomContent complaint(NumberedTest numbered, boolean isOpen) {
        TestRecord test = numbered.test();
        return details(
                        summary(
                                StatusText.mark(test),
                                text(PrintableText.of(test.id())),
                                a("row " + numbered.number()).withHref("#test-" + numbered.number())),
                        each(test.failures(), failure -> pre(each(lines(failure), HtmlPage::line))))
                .withId("complaint-" + numbered.number())
                .condAttr(isOpen, "open", null);
    }

    private static List<String> lines(String failure) {
        int rest = failure.length() - MOST_FAILURE_CHARACTERS;
        String shown = PrintableText.of(PrintableText.cut(failure, MOST_FAILURE_CHARACTERS));
        List<String> lines = new ArrayList<>(shown.lines().toList());
        if (rest > 0) {
            lines.add(count(rest, "character") + " more in " + ResultsFile.FILE_NAME);
        }
        return lines;
    }

    /** Lines of a diff in its usual colours. */
    private static DomContent line(String line) {
        if (line.startsWith("@@") || line.startsWith("--- ") || line.startsWith("+++ ")) {
            return span(line + "\n").withClass("place");
        }
        if (line.startsWith("+") || line.startsWith("-")) {
            return span(line + "\n").withClass(line.startsWith("+") ? "added" : "removed");
        }
        return text(line + "\n");
    }

    private DomContent allTests() {
        Map<String, List<NumberedTest>> suites = CounterPlots.bySuite(tests);
        return table(
                thead(tr(
                        th("#"),
                        th("status").withClass("text"),
                        th("test").withClass("text"),
                        each(List.of(ShownCounter.values()), counter -> th(counter.label())),
                        th("ms"))),
                each(
                        suites.entrySet(),
                        suite -> tbody(
                                tr(th(PrintableText.of(suite.getKey()))
                                        .withColspan("" + (ShownCounter.values().length + 4))
                                        .withClass("suite text")),
                                each(suite.getValue(), HtmlPage::row))));
    }

    private static TrTag row(NumberedTest numbered) {
        TestRecord test = numbered.test();
        DomContent status = test.failures().isEmpty()
                ? StatusText.mark(test)
                : a(StatusText.mark(test)).withHref("#complaint-" + numbered.number());
        return tr(
                        td("" + numbered.number()),
                        td(status).withClass("text"),
                        td(PrintableText.of(test.title())).withClass("text"),
                        each(List.of(ShownCounter.values()), counter -> td(counter.text(counter.of(test)))),
                        td(String.format(Locale.ROOT, "%,d", test.durationMillis())))
                .withId("test-" + numbered.number());
    }
}
