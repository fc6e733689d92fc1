package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.kernel.cost.CostMeter;
import java.util.ArrayList;
import java.util.List;

/**
 * What harts do about interrupts that ask for flushes: they decide when they take the interrupt and pay then; they flush,
 * and answer, when the time that it takes is over.
 */
final class InterruptServices {
    private static final long UNKNOWN = -1;

    private final ShootdownState state;
    private final Flusher flusher;
    private final Completion completion;
    private final SpaceLoader loader;

    InterruptServices(ShootdownState state, Flusher flusher, Completion completion, SpaceLoader loader) {
        this.state = state;
        this.flusher = flusher;
        this.completion = completion;
        this.loader = loader;
    }

    /** The hart at work has taken an interrupt: it looks for requests, and is charged for the interrupt and the flushes. */
    void begin(HartTranslations hart, long nowCycle) {
        CostMeter meter = state.services.meter();
        int receiveCycles = state.services.costs().interruptReceiveCycles();
        meter.charge(receiveCycles);
        List<PlannedFlush> service = new ArrayList<>();
        for (FlushRequest request : state.requests.get(hart.id()).drain()) {
            Shootdown shootdown = request.shootdown();
            boolean early = !shootdown.isRetirement() && state.policy.acknowledgesOnReceipt(shootdown);
            PlannedFlush planned = plan(hart, request, service, early);
            flusher.charge(planned);
            service.add(planned);
            if (early) {
                completion.acknowledge(shootdown, hart.id(), nowCycle + receiveCycles);
            }
        }
        state.requests.get(hart.id()).begin(service);
    }

    private PlannedFlush plan(HartTranslations hart, FlushRequest request, List<PlannedFlush> before, boolean early) {
        Shootdown shootdown = request.shootdown();
        long seen = shootdown.space().generations().seen(hart.id());
        boolean everything = false;
        for (PlannedFlush planned : before) {
            everything |= planned.action() == FlushAction.EVERYTHING;
            if (planned.space() == shootdown.space()) {
                seen = Math.max(seen, seenAfter(planned));
            }
        }
        if (everything && !shootdown.isRetirement()) {
            return flusher.plan(shootdown, FlushAction.SKIP, early);
        }
        return request.what() == RemoteFlush.EVERYTHING && !shootdown.isRetirement()
                ? flusher.plan(shootdown, FlushAction.EVERYTHING, early)
                : flusher.plan(shootdown, seen, early);
    }

    private static long seenAfter(PlannedFlush planned) {
        return switch (planned.action()) {
            case SKIP, EVERYTHING -> UNKNOWN;
            case PAGES -> planned.generation();
            case SPACE, LEAVE -> planned.space().generations().current();
        };
    }

    /** The interrupt is over: what was decided takes place, at no further cost. */
    void end(HartTranslations hart, long nowCycle) {
        for (PlannedFlush planned : state.requests.get(hart.id()).end()) {
            if (planned.action() == FlushAction.LEAVE && hart.loaded() == planned.space()) {
                loader.leave(hart.hart());
            }
            flusher.flush(hart, planned, nowCycle);
            state.statistics.flushed(planned.action());
            if (!planned.acknowledged()) {
                completion.acknowledge(state.live.get(planned.number()), hart.id(), nowCycle);
            }
        }
    }
}
