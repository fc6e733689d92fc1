package dev.pagewalk.tools.runner;

import dev.pagewalk.tools.text.PrintableText;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;

/** Tells the end of a run: its last events, those of one kind in a row as one. */
final class LastEvents {
    /** A guest that prints letter by letter is not to drive out what was before. */
    static final int KEPT = 1024;

    private static final int MOST_LINES = 16;

    private LastEvents() {}

    /** The same thing on the same hart, so many times in a row. */
    private record Row(RecentEvents.Event first, RecentEvents.Event last, int times) {
        boolean goesOnWith(RecentEvents.Event next) {
            return next.hartId() == first.hartId()
                    && next.what().equals(first.what())
                    && next.category() == first.category();
        }

        String line() {
            long length = last.endCycle() - first.startCycle();
            return String.format(
                    Locale.ROOT,
                    "%,15d  hart %-2d  %s%s%s",
                    first.startCycle(),
                    first.hartId(),
                    PrintableText.line(first.what()),
                    times == 1 ? "" : ", " + times + " times",
                    length == 0 ? "" : String.format(Locale.ROOT, ", %,d cycles", length));
        }
    }

    /** A line each, in the order of their beginnings. */
    static List<String> lines(RecentEvents events) {
        ArrayDeque<Row> rows = new ArrayDeque<>();
        for (RecentEvents.Event event : events.last(KEPT, any -> true)) {
            Row row = rows.peekLast();
            if (row != null && row.goesOnWith(event)) {
                rows.removeLast();
                rows.addLast(new Row(row.first(), event, row.times() + 1));
            } else {
                rows.addLast(new Row(event, event, 1));
            }
        }
        while (rows.size() > MOST_LINES) {
            rows.removeFirst();
        }
        return rows.stream().map(Row::line).toList();
    }
}
