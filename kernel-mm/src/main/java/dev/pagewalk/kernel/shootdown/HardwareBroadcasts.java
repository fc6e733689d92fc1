package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.timing.CrossHartCosts;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.shootdown.InvalidationObserver.Telling;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * Flushes that the hardware carries out on all harts, between the time that they are issued and the end of the barrier that
 * waits for them.
 */
final class HardwareBroadcasts implements Snapshotable {
    private final ShootdownState state;
    private final Flusher flusher;

    /** By hart: the end of its latest barrier. */
    private final long[] busyUntilCycle;

    HardwareBroadcasts(ShootdownState state, Flusher flusher) {
        this.state = state;
        this.flusher = flusher;
        this.busyUntilCycle = new long[state.harts.size()];
    }

    /** As {@link ShootdownDelivery#broadcastInHardware}. */
    void broadcast(Shootdown shootdown) {
        CostMeter meter = state.services.meter();
        CrossHartCosts costs = state.services.costs();
        int own = state.worker().id();
        flusher.charge(plan(shootdown));
        meter.charge(costs.hardwareBroadcastCycles()
                + (long) costs.hardwareBroadcastContentionCycles() * othersIssuing(own, meter.nowCycle()));
        busyUntilCycle[own] = meter.nowCycle();
        shootdown.inHardware = true;
        shootdown.acknowledgedCycle = meter.nowCycle();
        long others = shootdown.space().cachedOn() & ~HartBits.of(own);
        for (long rest = others; rest != 0; rest = HartBits.withoutLowest(rest)) {
            state.observer.told(shootdown, HartBits.lowest(rest), Telling.BROADCAST);
        }
    }

    private int othersIssuing(int own, long nowCycle) {
        int count = 0;
        for (int hartId = 0; hartId < busyUntilCycle.length; hartId++) {
            count += hartId != own && busyUntilCycle[hartId] > nowCycle ? 1 : 0;
        }
        return count;
    }

    /** The barrier is over: all harts have obeyed. */
    void carryOut(Shootdown shootdown) {
        SpaceTranslations space = shootdown.space();
        PlannedFlush planned = plan(shootdown);
        long settled = settledGeneration(shootdown);
        for (long rest = space.cachedOn(); rest != 0; rest = HartBits.withoutLowest(rest)) {
            HartTranslations hart = state.harts.get(HartBits.lowest(rest));
            flusher.flushPlanned(hart, planned, shootdown.acknowledgedCycle);
            state.statistics.flushed(planned.action());
            hart.catchUp(space, settled);
        }
    }

    private PlannedFlush plan(Shootdown shootdown) {
        return flusher.plan(shootdown, shootdown.flushesSpace() ? FlushAction.SPACE : FlushAction.PAGES, true);
    }

    /** Up to which generation all has been carried out on all harts: others may have begun later and be over already. */
    private long settledGeneration(Shootdown finished) {
        long settled = finished.space().generations().current();
        for (Shootdown other : state.live.values()) {
            if (other != finished && other.space() == finished.space() && other.inHardware) {
                settled = Math.min(settled, other.generation() - 1);
            }
        }
        return settled;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (long cycle : busyUntilCycle) {
            out.writeLong(cycle);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int hartId = 0; hartId < busyUntilCycle.length; hartId++) {
            busyUntilCycle[hartId] = in.readLong();
        }
    }
}
