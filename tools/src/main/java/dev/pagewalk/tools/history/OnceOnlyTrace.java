package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;

/** A timeline that tells of everything once, however often the run that tells it is executed anew. */
public final class OnceOnlyTrace implements TraceSink {
    private final TraceSink sink;
    private final OnceOnly sent;

    public OnceOnlyTrace(TraceSink sink, OnceOnly sent) {
        this.sink = sink;
        this.sent = sent;
    }

    @Override
    public void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {
        if (sent.isNew()) {
            sink.span(hartId, category, name, startCycle, endCycle);
        }
    }

    @Override
    public void instant(int hartId, TraceCategory category, String name, long cycle) {
        if (sent.isNew()) {
            sink.instant(hartId, category, name, cycle);
        }
    }

    @Override
    public void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {
        if (sent.isNew()) {
            sink.arrow(fromHart, fromCycle, toHart, toCycle, name);
        }
    }

    @Override
    public boolean wantsWalks() {
        return sink.wantsWalks();
    }
}
