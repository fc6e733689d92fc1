package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.shootdown.InvalidationObserver.Telling;

/** Tells harts of shootdowns on behalf of the hart that is at work. */
final class Dispatcher implements ShootdownDelivery {
    private final ShootdownState state;
    private final Flusher flusher;
    private final NoteRings rings;
    private final HardwareBroadcasts broadcasts;

    Dispatcher(ShootdownState state, Flusher flusher, NoteRings rings, HardwareBroadcasts broadcasts) {
        this.state = state;
        this.flusher = flusher;
        this.rings = rings;
        this.broadcasts = broadcasts;
    }

    @Override
    public long otherHarts() {
        return HartBits.first(state.harts.size()) & ~own();
    }

    @Override
    public long hartsWith(Shootdown shootdown) {
        return shootdown.space().cachedOn() & ~own();
    }

    private long own() {
        return HartBits.of(state.worker().id());
    }

    @Override
    public boolean isLoaded(int hartId, Shootdown shootdown) {
        return HartBits.contains(shootdown.space().loadedOn(), hartId);
    }

    @Override
    public long idleHarts() {
        long idle = 0;
        for (HartTranslations hart : state.harts) {
            if (hart.isAway()) {
                idle |= HartBits.of(hart.id());
            }
        }
        return idle;
    }

    @Override
    public void flushOwn(Shootdown shootdown) {
        HartTranslations worker = state.worker();
        if (!HartBits.contains(shootdown.space().cachedOn(), worker.id())) {
            return;
        }
        long seen = shootdown.space().generations().seen(worker.id());
        PlannedFlush planned = flusher.plan(shootdown, seen, true);
        flusher.flushNow(worker, planned);
        state.statistics.flushed(planned.action());
    }

    @Override
    public void interrupt(int hartId, Shootdown shootdown, RemoteFlush what) {
        shootdown.awaited |= HartBits.of(hartId);
        state.observer.told(shootdown, hartId, Telling.INTERRUPTED);
        HartRequests requests = state.requests.get(hartId);
        // A hart that has not looked yet will find this request, too.
        boolean isUnderWay = !requests.isEmpty() || state.services.ipis().isUnderWay(hartId);
        requests.add(new FlushRequest(shootdown, what));
        if (!isUnderWay) {
            CostMeter meter = state.services.meter();
            meter.charge(state.services.costs().interruptSendCycles());
            state.statistics.ipis++;
            state.services.ipis().send(hartId);
        }
    }

    @Override
    public void queue(int hartId, Shootdown shootdown) {
        // The space's generation says so to whoever loads it.
        state.observer.told(shootdown, hartId, Telling.QUEUED);
    }

    @Override
    public boolean post(long harts, Shootdown shootdown) {
        return rings.post(harts, shootdown);
    }

    @Override
    public void broadcastInHardware(Shootdown shootdown) {
        broadcasts.broadcast(shootdown);
    }
}
