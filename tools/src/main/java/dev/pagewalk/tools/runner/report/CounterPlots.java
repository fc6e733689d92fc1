package dev.pagewalk.tools.runner.report;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.summary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pagewalk.tools.text.PrintableText;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Plots of counters across tests: for each suite its own, or for all together where there are many suites. */
final class CounterPlots {
    /** With more, a page would be plots and nothing else. */
    private static final int MOST_SUITES_APART = 6;

    /** So many are open when the page is; the others open by a click. */
    private static final int OPEN = 2;

    /** More names do not fit below a plot. */
    private static final int MOST_NAMES = 60;

    private static final String OTHER_SUITES = "other suites";

    private final List<NumberedTest> tests;
    private int plots;

    /** @param tests in the order of their numbers */
    CounterPlots(List<NumberedTest> tests) {
        this.tests =
                tests.stream().filter(test -> test.test().statistics() != null).toList();
    }

    /** The plots with their headings, or why there are none. */
    DomContent content() {
        if (tests.isEmpty()) {
            return p("No test has run, so there is nothing to plot.");
        }
        try {
            return draw();
        } catch (LinkageError | InternalError e) {
            return p("This Java cannot draw plots; it lacks graphics libraries, or the host has no fonts.");
        }
    }

    private DomContent draw() {
        Map<String, List<NumberedTest>> suites = bySuite(tests);
        if (suites.size() > MOST_SUITES_APART) {
            return part(0, suites.size() + " suites", tests);
        }
        return each(suites.entrySet(), (index, suite) -> part(index, suite.getKey(), suite.getValue()));
    }

    static Map<String, List<NumberedTest>> bySuite(List<NumberedTest> tests) {
        return tests.stream()
                .collect(Collectors.groupingBy(test -> test.test().suite(), LinkedHashMap::new, Collectors.toList()));
    }

    private DomContent part(int index, String what, List<NumberedTest> shown) {
        String count = shown.size() + (shown.size() == 1 ? " test" : " tests");
        return details(summary(PrintableText.of(what) + ": " + count), plots(shown))
                .condAttr(index < OPEN, "open", null);
    }

    private DomContent plots(List<NumberedTest> shown) {
        List<DomContent> figures = new ArrayList<>();
        List<String> zeros = new ArrayList<>();
        for (ShownCounter counter : ShownCounter.values()) {
            Plot plot = plot(counter, shown);
            if (plot.isEmpty()) {
                zeros.add(counter.label());
            } else {
                figures.add(drawing(counter, plot, shown));
            }
        }
        String nothing = zeros.isEmpty() ? "" : "None, in any of these tests: " + String.join(", ", zeros) + ".";
        String across = shown.size() <= MOST_NAMES ? "" : "Across: a test's number in the table below.";
        return div(
                p(across).withClass("note"),
                div(each(figures.stream())).withClass("plots"),
                p(nothing).withClass("note"));
    }

    private static DomContent drawing(ShownCounter counter, Plot plot, List<NumberedTest> shown) {
        boolean hasNames = shown.size() <= MOST_NAMES;
        String svg = hasNames
                ? plot.bars(shown)
                : plot.dots(shown.get(0).number(), shown.get(shown.size() - 1).number());
        return figure(figcaption(counter.title()), rawHtml(svg));
    }

    private Plot plot(ShownCounter counter, List<NumberedTest> shown) {
        Plot plot = new Plot("plot" + ++plots);
        Map<String, String> parts = counter.parts();
        if (parts.size() > 1) {
            for (NumberedTest test : shown) {
                parts.forEach((part, path) -> {
                    JsonNode value = test.test().statistics().at(path);
                    plot.add(part, test.number(), value.isIntegralNumber() ? value.doubleValue() : 0);
                });
            }
        } else {
            List<String> suites = List.copyOf(bySuite(shown).keySet());
            boolean areApart = suites.size() <= Plot.MOST_SERIES;
            for (NumberedTest test : shown) {
                String suite = test.test().suite();
                String series = areApart || suites.indexOf(suite) < Plot.MOST_SERIES - 1 ? suite : OTHER_SUITES;
                counter.of(test.test()).ifPresent(value -> plot.add(PrintableText.of(series), test.number(), value));
            }
        }
        return plot;
    }
}
