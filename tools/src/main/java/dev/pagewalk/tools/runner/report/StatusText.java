package dev.pagewalk.tools.runner.report;

import static j2html.TagCreator.span;

import j2html.tags.specialized.SpanTag;
import java.util.Locale;

/** How a test's status looks in a page: a coloured word, which is legible without the colour. */
final class StatusText {
    private StatusText() {}

    static SpanTag mark(TestRecord test) {
        String word = test.status().name().toLowerCase(Locale.ROOT);
        return span(word).withClasses("status", word);
    }
}
