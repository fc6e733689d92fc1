package dev.pagewalk.kernel.shootdown;

import java.util.List;

/** Shootdowns that nobody waits for, until somebody does. */
final class Parking {
    private final ShootdownState state;
    private final NoteRings rings;
    private final Dispatcher dispatcher;
    private final Completion completion;

    Parking(ShootdownState state, NoteRings rings, Dispatcher dispatcher, Completion completion) {
        this.state = state;
        this.rings = rings;
        this.dispatcher = dispatcher;
        this.completion = completion;
    }

    /** As {@link Shootdowns#settle}; of all spaces where {@code space} is null. */
    boolean settle(SpaceTranslations space, long start, long end) {
        HartTranslations worker = state.worker();
        boolean isFree = true;
        for (Shootdown shootdown : List.copyOf(state.live.values())) {
            boolean isMeant = space == null || shootdown.space() == space;
            if (isMeant && shootdown.holdsRange && shootdown.lingerStart < end && start < shootdown.lingerEnd) {
                isFree &= isOverNow(shootdown, worker);
            }
        }
        return isFree;
    }

    private boolean isOverNow(Shootdown shootdown, HartTranslations worker) {
        if (!shootdown.parked) {
            // Another hart, or this one, has been here before.
            if (shootdown.initiator != worker.id()) {
                state.addWaiter(shootdown, worker.id());
            }
            return false;
        }
        if (HartBits.contains(shootdown.posted, worker.id())) {
            rings.read(worker, shootdown);
        }
        if (shootdown.awaited == 0) {
            completion.finish(shootdown);
            return true;
        }
        long unread = shootdown.posted;
        adopt(shootdown, worker);
        for (long rest = unread; rest != 0; rest = HartBits.withoutLowest(rest)) {
            dispatcher.interrupt(HartBits.lowest(rest), shootdown, RemoteFlush.WHAT_CHANGED);
        }
        shootdown.dispatchedCycle = state.services.meter().nowCycle();
        return false;
    }

    /** Somebody waits for it from now on. */
    private void adopt(Shootdown shootdown, HartTranslations worker) {
        rings.withdraw(shootdown);
        shootdown.initiator = worker.id();
        state.await(shootdown);
    }

    /**
     * The space ends, so that nobody who has a note can use it any more; whoever is interrupted already is awaited together
     * with those that have to leave the space.
     */
    void retire(SpaceTranslations space, HartTranslations worker) {
        for (Shootdown shootdown : List.copyOf(state.live.values())) {
            if (shootdown.space() == space && shootdown.parked) {
                shootdown.awaited &= ~shootdown.posted;
                if (shootdown.awaited == 0) {
                    completion.complete(shootdown, state.services.meter().nowCycle());
                }
                adopt(shootdown, worker);
            }
        }
    }

    /** All harts have left the space: what is answered can be freed. */
    void finishRetired(SpaceTranslations space, HartTranslations worker) {
        for (Shootdown shootdown : state.unfinishedOf(worker.id())) {
            if (shootdown.space() == space && shootdown.holdsRange && shootdown.awaited == 0) {
                completion.finish(shootdown);
            }
        }
    }

    /** Finishes what the last hart has answered in an interrupt. The hart at work pays. */
    void finishAnswered() {
        while (!state.answeredParked.isEmpty()) {
            completion.finish(state.answeredParked.firstEntry().getValue());
        }
    }
}
