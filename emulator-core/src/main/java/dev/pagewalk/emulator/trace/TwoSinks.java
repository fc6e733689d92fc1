package dev.pagewalk.emulator.trace;

/** Tells two sinks what one is told; walks only the one that wants them. */
record TwoSinks(TraceSink first, TraceSink second) implements TraceSink {
    @Override
    public void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {
        if (isFor(first, category)) {
            first.span(hartId, category, name, startCycle, endCycle);
        }
        if (isFor(second, category)) {
            second.span(hartId, category, name, startCycle, endCycle);
        }
    }

    @Override
    public void instant(int hartId, TraceCategory category, String name, long cycle) {
        if (isFor(first, category)) {
            first.instant(hartId, category, name, cycle);
        }
        if (isFor(second, category)) {
            second.instant(hartId, category, name, cycle);
        }
    }

    @Override
    public void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {
        first.arrow(fromHart, fromCycle, toHart, toCycle, name);
        second.arrow(fromHart, fromCycle, toHart, toCycle, name);
    }

    @Override
    public boolean wantsWalks() {
        return first.wantsWalks() || second.wantsWalks();
    }

    private static boolean isFor(TraceSink sink, TraceCategory category) {
        return category != TraceCategory.WALK || sink.wantsWalks();
    }
}
