package dev.pagewalk.emulator.testing;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Remembers the spans that it is told. */
public final class RecordingTrace implements TraceSink {
    public record Span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {}

    public final List<Span> spans = new ArrayList<>();

    @Override
    public void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {
        spans.add(new Span(hartId, category, name, startCycle, endCycle));
    }

    @Override
    public void instant(int hartId, TraceCategory category, String name, long cycle) {
        throw new AssertionError("the machine tells of no instants: " + name);
    }

    @Override
    public void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {
        throw new AssertionError("the machine draws no arrows: " + name);
    }

    /** What a hart did, page walks apart. */
    public List<Span> work(int hartId) {
        return spans.stream()
                .filter(span -> span.hartId() == hartId && span.category() != TraceCategory.WALK)
                .toList();
    }

    public List<Span> of(int hartId, TraceCategory category) {
        return spans.stream()
                .filter(span -> span.hartId() == hartId && span.category() == category)
                .toList();
    }

    /** How long a hart was idle without serving an interrupt. */
    public long idleCycles(int hartId) {
        long cycles = 0;
        for (Span idle : of(hartId, TraceCategory.SCHEDULE)) {
            cycles += idle.endCycle() - idle.startCycle();
            for (Span inner : spans) {
                if (inner.hartId() == hartId
                        && inner.name().endsWith(" service")
                        && inner.startCycle() >= idle.startCycle()
                        && inner.endCycle() <= idle.endCycle()) {
                    cycles -= inner.endCycle() - inner.startCycle();
                }
            }
        }
        return cycles;
    }

    /** A span of a hart that begins within another one ends within it. */
    public void assertNested(int hartId) {
        List<Span> open = new ArrayList<>();
        List<Span> inOrder = spans.stream()
                .filter(span -> span.hartId() == hartId)
                .sorted(Comparator.comparingLong(Span::startCycle)
                        .thenComparing(Comparator.comparingLong(Span::endCycle).reversed()))
                .toList();
        for (Span span : inOrder) {
            if (span.endCycle() < span.startCycle()) {
                throw new AssertionError("ends before it begins: " + span);
            }
            open.removeIf(outer -> outer.endCycle() <= span.startCycle());
            for (Span outer : open) {
                if (outer.endCycle() < span.endCycle()) {
                    throw new AssertionError(span + " reaches out of " + outer);
                }
            }
            open.add(span);
        }
    }
}
