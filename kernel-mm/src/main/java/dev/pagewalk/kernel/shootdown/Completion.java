package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.pagetable.PageTable;

/**
 * How a shootdown ends: when the last hart has answered it is complete, which may be in that hart's interrupt service, where
 * nothing can be charged; what had to wait for that is done in a kernel step, by the hart that pays for it.
 */
final class Completion {
    private final ShootdownState state;

    Completion(ShootdownState state) {
        this.state = state;
    }

    /**
     * A hart has answered. The last one wakes the initiator, which finishes what it has issued before it waits for others: so no
     * two harts wait for each other.
     */
    void acknowledge(Shootdown shootdown, int hartId, long cycle) {
        shootdown.awaited &= ~HartBits.of(hartId);
        shootdown.posted &= ~HartBits.of(hartId);
        state.statistics.acks++;
        state.observer.acknowledged(shootdown, hartId, cycle);
        if (shootdown.awaited != 0) {
            return;
        }
        complete(shootdown, cycle);
        if (shootdown.parked) {
            state.answeredParked.put(shootdown.number(), shootdown);
        } else if (!state.awaitsAnswers(shootdown.initiator)) {
            state.services.hartControl().wake(shootdown.initiator, state.latestAnswerCycle(shootdown.initiator));
        }
    }

    /** No hart is waited for any more. */
    void complete(Shootdown shootdown, long cycle) {
        shootdown.acknowledgedCycle = cycle;
        // The answer to an interrupt may come while the initiator still flushes its own TLBs.
        state.statistics.waited(shootdown.parked ? 0 : Math.max(0, cycle - shootdown.dispatchedCycle));
        state.observer.completed(shootdown, cycle);
    }

    /** Does what had to wait until no hart can use the old translations any more; the hart at work pays. */
    void finish(Shootdown shootdown) {
        SpaceTranslations space = shootdown.space();
        install(shootdown);
        shootdown.frames.forEach(state.services.frames()::release);
        shootdown.tables.forEach(space.pageTable()::releaseUnhooked);
        state.finished(shootdown);
        for (long rest = shootdown.waiters; rest != 0; rest = HartBits.withoutLowest(rest)) {
            int hartId = HartBits.lowest(rest);
            // One that has something to finish itself goes on when that is answered.
            if (!state.awaitsOthers(hartId) && !state.hasUnfinished(hartId)) {
                state.services.hartControl().wake(hartId, state.services.meter().nowCycle());
            }
        }
    }

    /** A page gets the PTE that was laid by for it, unless that has been withdrawn. */
    private void install(Shootdown shootdown) {
        if (shootdown.replacedPage == Shootdown.NO_PAGE) {
            return;
        }
        long pte = shootdown.space().inTransit().cancel(shootdown.replacedPage);
        if (pte != 0) {
            PageTable table = shootdown.space().pageTable();
            PageEntry entry = table.look(shootdown.replacedPage);
            table.write(entry, pte);
        }
    }
}
