package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.mmu.tlb.TlbFlush;

/**
 * Is told how the invalidations of operations get on, so that it can tell a translation that is still allowed to be used
 * from one that is not.
 *
 * <p>An operation begins with the PTEs that a hart narrows. When it has narrowed them all it <i>issues</i> their
 * invalidation; when no hart can use the old translations any more, and frames may be freed, the operation is
 * <i>complete</i>. What a hart narrows without ever issuing an invalidation counts as complete when that hart leaves the
 * kernel for the guest.
 */
public interface InvalidationObserver {
    /** Wants to know nothing. */
    InvalidationObserver NONE = new InvalidationObserver() {
        @Override
        public int issued() {
            return 0;
        }

        @Override
        public void completed(int operation) {
            // Nobody asks.
        }

        @Override
        public void flushed(int hartId, TlbFlush flush) {
            // Nobody asks.
        }
    };

    /**
     * The hart that is at work issues the invalidation of all that it has narrowed since it last did so.
     *
     * @return a number for the operation, to be given to {@link #completed}
     */
    int issued();

    /** The operation is complete: from now on no hart may use what it narrowed. */
    void completed(int operation);

    /** A hart has carried out a flush. */
    void flushed(int hartId, TlbFlush flush);
}
