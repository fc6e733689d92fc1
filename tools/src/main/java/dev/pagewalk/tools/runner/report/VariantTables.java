package dev.pagewalk.tools.runner.report;

import static j2html.TagCreator.details;
import static j2html.TagCreator.each;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.pagewalk.tools.text.PrintableText;
import j2html.tags.DomContent;
import j2html.tags.specialized.TdTag;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** For each test that ran on several machines, these side by side: what a policy costs next to the others. */
final class VariantTables {
    /** So many are open when the page is; the others open by a click. */
    private static final int OPEN = 10;

    private static final double MOST_PERCENT = 1000;

    private final List<List<TestRecord>> matrices;

    VariantTables(List<TestRecord> tests) {
        Map<String, List<TestRecord>> byTest = tests.stream()
                .collect(Collectors.groupingBy(
                        test -> TestRecord.id(test.suite(), test.name(), ""), LinkedHashMap::new, Collectors.toList()));
        matrices =
                byTest.values().stream().filter(variants -> variants.size() > 1).toList();
    }

    boolean isEmpty() {
        return matrices.isEmpty();
    }

    DomContent content() {
        return each(matrices, (index, variants) -> matrix(index, variants));
    }

    private static DomContent matrix(int index, List<TestRecord> variants) {
        TestRecord first = variants.get(0);
        String id = TestRecord.id(first.suite(), first.name(), "");
        return details(
                        summary(PrintableText.of(id) + ": " + variants.size() + " variants"),
                        table(
                                thead(tr(
                                        th("variant").withClass("text"),
                                        each(List.of(ShownCounter.values()), counter -> th(counter.label())))),
                                tbody(each(variants, variant -> row(variant, variants)))))
                .condAttr(index < OPEN, "open", null);
    }

    private static DomContent row(TestRecord variant, List<TestRecord> variants) {
        String name = PrintableText.of(variant.variant().replace(",", ", "));
        return tr(
                td(StatusText.mark(variant), text(name.isEmpty() ? "(none)" : name))
                        .withClass("text"),
                each(List.of(ShownCounter.values()), counter -> cell(counter, variant, variants)));
    }

    /** The value, on a bar that is as long as it is large beside those of the other variants, where these differ. */
    private static TdTag cell(ShownCounter counter, TestRecord variant, List<TestRecord> variants) {
        OptionalDouble value = counter.of(variant);
        DoubleSummaryStatistics all = variants.stream()
                .map(counter::of)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .summaryStatistics();
        TdTag cell = td(counter.text(value) + change(counter.of(variants.get(0)), value));
        if (value.isEmpty() || all.getMin() == all.getMax()) {
            return cell;
        }
        String share = String.format(Locale.ROOT, "%.1f", 100 * value.getAsDouble() / all.getMax());
        return cell.withClass("bar").withStyle("--share:" + share + "%");
    }

    /** How much more than in the first variant. Without a value there, or beyond all measure, it would say nothing. */
    private static String change(OptionalDouble first, OptionalDouble value) {
        if (value.isEmpty() || first.orElse(0) == 0) {
            return "";
        }
        double percent = 100 * (value.getAsDouble() - first.getAsDouble()) / first.getAsDouble();
        return percent == 0 || Math.abs(percent) >= MOST_PERCENT
                ? ""
                : String.format(Locale.ROOT, " (%+.1f%%)", percent);
    }
}
