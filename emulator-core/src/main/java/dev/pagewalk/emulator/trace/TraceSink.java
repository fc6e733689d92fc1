package dev.pagewalk.emulator.trace;

/**
 * Is told what happens when on which hart; a writer of timelines implements it, the machine and the kernel call it.
 *
 * <p>Spans are told when they are over, so they do not come in the order of time. Two spans of one hart nest or do not
 * overlap; a hart without one, or with one that names a task, executes its guest. All times are cycles since power-on. A sink
 * must change nothing in the machine and never fails: what it cannot write it has to remember.
 */
public interface TraceSink {
    /** For machines to which nobody listens. */
    TraceSink NONE = new TraceSink() {
        @Override
        public void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {}

        @Override
        public void instant(int hartId, TraceCategory category, String name, long cycle) {}

        @Override
        public void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {}
    };

    /**
     * Something took time.
     *
     * @param name the same for all of its kind, so that a viewer can add them up
     * @param endCycle {@code startCycle} at least
     */
    void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle);

    /** Something happened that took no time. */
    void instant(int hartId, TraceCategory category, String name, long cycle);

    /**
     * What one hart did has a consequence on another: an inter-processor interrupt, an acknowledgement, a wake-up.
     *
     * @param fromCycle within a span of the one
     * @param toCycle {@code fromCycle} at least; the arrow leads to the span of the other that begins there or next. To be
     *     told before that span is over
     */
    void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name);

    /** Whether page walks are to be told: they come far more often than all else. Asked once, when the telling begins. */
    default boolean wantsWalks() {
        return true;
    }

    /** A sink that tells this one and another all that it is told. */
    default TraceSink and(TraceSink other) {
        if (other == NONE) {
            return this;
        }
        return this == NONE ? other : new TwoSinks(this, other);
    }
}
