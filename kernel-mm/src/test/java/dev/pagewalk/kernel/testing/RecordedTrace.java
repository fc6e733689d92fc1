package dev.pagewalk.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Remembers all that it is told. */
public final class RecordedTrace implements TraceSink {
    /** What took time. */
    public record Span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {
        /** Whether the other one lies within this one. */
        public boolean encloses(Span other) {
            return hartId == other.hartId && startCycle <= other.startCycle && other.endCycle <= endCycle;
        }
    }

    /** What led from hart to hart. */
    public record Arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {}

    private final List<Span> spans = new ArrayList<>();
    private final List<Arrow> arrows = new ArrayList<>();

    @Override
    public void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {
        assertThat(endCycle).as(name).isGreaterThanOrEqualTo(startCycle);
        spans.add(new Span(hartId, category, name, startCycle, endCycle));
    }

    @Override
    public void instant(int hartId, TraceCategory category, String name, long cycle) {}

    @Override
    public void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {
        arrows.add(new Arrow(fromHart, fromCycle, toHart, toCycle, name));
    }

    /** In the order of their beginnings; what encloses goes first. */
    public List<Span> spans() {
        return spans.stream()
                .sorted(Comparator.comparingLong(Span::startCycle)
                        .thenComparing(Comparator.comparingLong(Span::endCycle).reversed()))
                .toList();
    }

    public List<Span> spans(TraceCategory category) {
        return spans().stream().filter(span -> span.category() == category).toList();
    }

    public List<Arrow> arrows() {
        return arrows;
    }

    /** Two spans of a hart nest or are disjoint; an arrow begins in a span, and ends where one begins. */
    public void assertWellFormed(int harts) {
        for (int hartId = 0; hartId < harts; hartId++) {
            Deque<Span> open = new ArrayDeque<>();
            for (Span span : spans()) {
                if (span.hartId != hartId) {
                    continue;
                }
                while (!open.isEmpty() && open.peek().endCycle <= span.startCycle) {
                    open.pop();
                }
                if (!open.isEmpty()) {
                    assertThat(span.endCycle)
                            .as("%s within %s", span, open.peek())
                            .isLessThanOrEqualTo(open.peek().endCycle);
                }
                open.push(span);
            }
        }
        for (Arrow arrow : arrows) {
            assertThat(arrow.toCycle).as("%s", arrow).isGreaterThanOrEqualTo(arrow.fromCycle);
            assertThat(spans)
                    .as("%s", arrow)
                    .anyMatch(span -> span.hartId == arrow.fromHart
                            && span.startCycle <= arrow.fromCycle
                            && arrow.fromCycle < span.endCycle)
                    .anyMatch(span -> span.hartId == arrow.toHart && span.startCycle == arrow.toCycle);
        }
    }
}
