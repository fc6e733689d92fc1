package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.mmu.tlb.TlbFlush;

/**
 * Is told how shootdowns get on, so that it can tell a translation that is still allowed to be used from one that is not.
 *
 * <p>An operation begins with the PTEs that a hart narrows. When it has narrowed them all it <i>issues</i> their
 * invalidation; when no hart can use the old translations any more, and frames may be freed, it is <i>complete</i>. What
 * a hart narrows without ever issuing an invalidation counts as complete when that hart leaves the kernel for the guest.
 */
public interface InvalidationObserver {
    /** Wants to know nothing. */
    InvalidationObserver NONE = new InvalidationObserver() {};

    /** The hart that is at work issues the invalidation of all that it has narrowed since it last did so. */
    default void issued(Shootdown shootdown) {}

    /** A hart has been told of a shootdown, or is expected to find out. */
    default void told(Shootdown shootdown, int hartId, Telling how) {}

    /** A hart that had to be waited for has answered. */
    default void acknowledged(Shootdown shootdown, int hartId, long cycle) {}

    /** From now on no hart may use what the shootdown took away. */
    default void completed(Shootdown shootdown, long cycle) {}

    /**
     * The hart at work is charged for a flush that it carries out then, or at the end of the interrupt that it serves.
     *
     * @param lengthPages where they are flushed singly
     */
    default void flushTakes(int hartId, FlushAction action, int lengthPages, long fromCycle, long toCycle) {}

    /** A hart has carried out a fence. */
    default void flushed(int hartId, TlbFlush flush, long cycle) {}

    /** One who is told all that this and another one are told. */
    default InvalidationObserver and(InvalidationObserver other) {
        return new TwoObservers(this, other);
    }

    /** How a hart comes to know. */
    enum Telling {
        /** By an interrupt, and is waited for. */
        INTERRUPTED("interrupted"),
        /** It flushes before it runs the space again. */
        QUEUED("left to flush at its next switch"),
        /** It finds a note at its next tick or switch. */
        POSTED("left a note"),
        /** The hardware tells it. */
        BROADCAST("told by the hardware");

        private final String label;

        Telling(String label) {
            this.label = label;
        }

        /** As part of a sentence about a hart. */
        public String label() {
            return label;
        }
    }
}
