package dev.pagewalk.kernel.shootdown;

/**
 * Whom a shootdown is told to, how, and what they do: the one thing in which shootdowns differ. A new one is a class that
 * implements this, and a line in {@link dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies}.
 */
public interface ShootdownPolicy {
    /** As {@code --shootdown} names it. */
    String name();

    /**
     * How many pages are flushed singly before everything is flushed.
     *
     * @param profilePages how many the machine's kernel would flush singly
     */
    default int ceilingPages(int profilePages) {
        return profilePages;
    }

    /**
     * Tells whoever has to know, the hart that issues it included. What harts were told to that they must answer is waited
     * for.
     */
    void dispatch(Shootdown shootdown, ShootdownDelivery delivery);

    /**
     * What a hart has to flush that is to flush {@link RemoteFlush#WHAT_CHANGED}, or that has issued the shootdown itself.
     * Source: Linux, arch/x86/mm/tlb.c, {@code flush_tlb_func}.
     *
     * @param seen the generation of the space that the hart has caught up with, or is about to
     */
    default FlushAction plan(Shootdown shootdown, long seen) {
        if (seen >= shootdown.generation()) {
            return FlushAction.SKIP;
        }
        boolean isNext = seen + 1 == shootdown.generation();
        boolean isLatest =
                shootdown.generation() == shootdown.space().generations().current();
        // With more to come a single flush of the space does for all.
        return isNext && isLatest && !shootdown.flushesSpace() ? FlushAction.PAGES : FlushAction.SPACE;
    }

    /** Whether a hart answers an interrupt when it takes it, before it has flushed; it does nothing else in between. */
    default boolean acknowledgesOnReceipt(Shootdown shootdown) {
        return false;
    }
}
