package dev.pagewalk.kernel.shootdown;

/** Has harts flush what shootdowns ask for, and knows what that costs. */
final class Flusher {
    private static final long[] NO_PAGES = {};

    private final ShootdownState state;

    Flusher(ShootdownState state) {
        this.state = state;
    }

    /**
     * What a hart has to do for a shootdown.
     *
     * @param seen as {@link ShootdownPolicy#plan} has it
     * @param acknowledged as {@link PlannedFlush} has it
     */
    PlannedFlush plan(Shootdown shootdown, long seen, boolean acknowledged) {
        if (shootdown.isRetirement()) {
            return plan(shootdown, FlushAction.LEAVE, acknowledged);
        }
        // A roll-over that has taken the space's ASID has harts flush before they load anything.
        boolean isVoid = !state.asids.isCurrent(shootdown.space());
        return plan(shootdown, isVoid ? FlushAction.SKIP : state.policy.plan(shootdown, seen), acknowledged);
    }

    PlannedFlush plan(Shootdown shootdown, FlushAction action, boolean acknowledged) {
        return new PlannedFlush(
                shootdown.number(),
                shootdown.space(),
                shootdown.space().asid(),
                action,
                action == FlushAction.PAGES ? shootdown.pages() : NO_PAGES,
                shootdown.generation(),
                acknowledged);
    }

    /** The hart that is at work flushes, and pays for it. */
    void flushNow(HartTranslations hart, PlannedFlush planned) {
        charge(planned);
        flush(hart, planned, state.services.meter().nowCycle());
    }

    /** Charges what a flush costs to the hart that is at work. */
    void charge(PlannedFlush planned) {
        state.chargeFlush(planned.action(), planned.pages().length);
    }

    /** A hart flushes, at no further cost, and has caught up with what that covers. */
    void flush(HartTranslations hart, PlannedFlush planned, long nowCycle) {
        flushPlanned(hart, planned, nowCycle);
        if (planned.space() != null) {
            switch (planned.action()) {
                case PAGES -> hart.catchUp(planned.space(), planned.generation());
                case SPACE, LEAVE ->
                    hart.catchUp(planned.space(), planned.space().generations().current());
                case SKIP, EVERYTHING -> {
                    // Nothing, or all of it has been noted.
                }
            }
        }
    }

    /** As above, but whether it has caught up is the caller's business. */
    void flushPlanned(HartTranslations hart, PlannedFlush planned, long nowCycle) {
        switch (planned.action()) {
            case SKIP -> {
                // That is all.
            }
            case PAGES -> {
                for (long page : planned.pages()) {
                    hart.flushPage(planned.asid(), page, nowCycle);
                }
            }
            case SPACE, LEAVE -> hart.flushAsid(planned.asid(), nowCycle);
            case EVERYTHING -> hart.flushEverything(nowCycle);
        }
    }
}
