package dev.pagewalk.kernel.timeline;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;

/**
 * One hart's spans that are not told yet. A step of the kernel says beforehand what its cycles will go to, but an interrupt
 * that is served on top of it pushes back the rest: only the hart's next step makes the times final.
 */
final class HartTrack {
    private static final long OPEN = Long.MAX_VALUE;

    private final int hartId;
    private final TraceSink sink;
    private final List<Span> untold = new ArrayList<>();
    private boolean serving;
    private long servedUntilCycle;

    HartTrack(int hartId, TraceSink sink) {
        this.hartId = hartId;
        this.sink = sink;
    }

    /** Something begins and has no end yet. */
    Span begin(TraceCategory category, String name, long startCycle) {
        Span span = new Span(category, name, startCycle);
        untold.add(span);
        return span;
    }

    /** Something takes time, as part of a step or of an interrupt's service. */
    void add(TraceCategory category, String name, long startCycle, long endCycle) {
        if (serving) {
            // Nothing pushes back what a service does.
            sink.span(hartId, category, name, startCycle, endCycle);
        } else {
            begin(category, name, startCycle).endCycle = endCycle;
        }
    }

    /** An interrupt is served on top of what the hart does, from now on. */
    void beginService() {
        serving = true;
    }

    /** How long that will take is known: all that has not happened by its beginning happens so much later. */
    void endService(long fromCycle, long untilCycle) {
        serving = false;
        servedUntilCycle = untilCycle;
        for (Span span : untold) {
            span.pushBack(fromCycle, untilCycle - fromCycle);
        }
    }

    /** A step begins: what is over has its final times. */
    void tell() {
        untold.removeIf(span -> {
            if (span.endCycle != OPEN) {
                sink.span(hartId, span.category, span.name, span.startCycle, span.endCycle);
            }
            return span.endCycle != OPEN;
        });
    }

    /** Forgets a span that has turned out to be nothing. */
    void drop(Span span) {
        untold.remove(span);
    }

    /** The timeline ends: what is under way is told as if it were over, and of what is to come nothing. */
    void cut(long nowCycle) {
        long end = Math.max(nowCycle, servedUntilCycle);
        for (Span span : untold) {
            span.endCycle = Math.min(span.endCycle, end);
        }
        untold.removeIf(span -> span.startCycle > end);
        tell();
    }

    void forget() {
        untold.clear();
    }

    /** What takes time on a hart. */
    static final class Span {
        private final TraceCategory category;
        private String name;
        private long startCycle;
        private long endCycle = OPEN;

        private Span(TraceCategory category, String name, long startCycle) {
            this.category = category;
            this.name = name;
            this.startCycle = startCycle;
        }

        /** Some things are known for what they are only when they are done. */
        void rename(String newName) {
            name = newName;
        }

        TraceCategory category() {
            return category;
        }

        long startCycle() {
            return startCycle;
        }

        void end(long cycle) {
            endCycle = cycle;
        }

        private void pushBack(long fromCycle, long byCycles) {
            boolean isOver = endCycle <= fromCycle;
            if (startCycle >= fromCycle && !isOver) {
                startCycle += byCycles;
            }
            if (!isOver && endCycle != OPEN) {
                endCycle += byCycles;
            }
        }
    }
}
