package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.kernel.pagetable.PageTable;
import java.util.List;

/**
 * Takes translations away from all harts: <i>issues</i> a shootdown, has the {@link ShootdownPolicy} <i>dispatch</i> it,
 * <i>awaits</i> the answers, and <i>finishes</i>: only then are frames and tables given back.
 *
 * <p>An operation that narrows PTEs runs to its end and issues what it has noted, mostly through an {@link
 * InvalidationBatch}. Where nobody else has to be told, all is over at once. Otherwise the hart waits when its step is over
 * ({@link #pendingStep}), serves interrupts meanwhile, and finishes in its next step ({@link #finish}).
 */
public final class Shootdowns implements QueuedFlushes {
    private final ShootdownState state;
    private final Flusher flusher;
    private final Completion completion;
    private final NoteRings rings;
    private final HardwareBroadcasts broadcasts;
    private final Parking parking;
    private final SpaceLoader loader;
    private final Dispatcher dispatcher;
    private final InterruptServices interrupts;
    private final OwedFlushes owed;

    /** @param asidBits 1 to 16 */
    public Shootdowns(ShootdownServices services, ShootdownPolicy policy, int asidBits) {
        this.state = new ShootdownState(services, policy, asidBits);
        this.flusher = new Flusher(state);
        this.completion = new Completion(state);
        this.rings = new NoteRings(state, flusher, completion);
        this.broadcasts = new HardwareBroadcasts(state, flusher);
        this.loader = new SpaceLoader(state, rings);
        this.dispatcher = new Dispatcher(state, flusher, rings, broadcasts);
        this.parking = new Parking(state, rings, dispatcher, completion);
        this.interrupts = new InterruptServices(state, flusher, completion, loader);
        this.owed = new OwedFlushes(state);
    }

    /** Names who is told how shootdowns get on. */
    public void setObserver(InvalidationObserver observer) {
        state.observer = observer;
    }

    /** Through which harts get and leave address spaces. */
    public SpaceLoader loader() {
        return loader;
    }

    public ShootdownStatistics statistics() {
        return state.statistics;
    }

    /** How often ASIDs have rolled over. */
    public long asidRollOvers() {
        return state.asids.generation() - 1;
    }

    /** For the tables of a new address space: no hart has cached anything of them. */
    public SpaceTranslations translationsOf(PageTable pageTable) {
        return new SpaceTranslations(state.nextSpaceId(), pageTable, state.epochs);
    }

    /** For an address space whose state {@link SpaceTranslations#restore} will bring. */
    public SpaceTranslations translationsToRestore(PageTable pageTable) {
        return new SpaceTranslations(0, pageTable, state.epochs);
    }

    int ceilingPages() {
        return state.policy.ceilingPages(state.services.profilePages());
    }

    /**
     * Takes away what an operation has noted. Afterwards it is finished, or the hart at work has to wait for it, or it is
     * parked.
     */
    void issue(Shootdown shootdown) {
        HartTranslations worker = state.worker();
        if (worker == null) {
            issueOutsideTime(shootdown);
            return;
        }
        SpaceTranslations space = shootdown.space();
        long issuedCycle = state.services.meter().nowCycle();
        shootdown.issued(state.nextNumber(), worker.id(), issuedCycle);
        state.observer.issued(shootdown);
        boolean unseen = shootdown.isEmpty() || space.isRetired() || space.cachedOn() == 0;
        if (!unseen) {
            state.statistics.count++;
            shootdown.generation = space.generations().changed();
            state.policy.dispatch(shootdown, dispatcher);
        }
        dispatched(shootdown, !unseen);
    }

    /** At power-on no hart has cached anything; where a debugger intervenes, all forget at once and at no cost. */
    private void issueOutsideTime(Shootdown shootdown) {
        SpaceTranslations space = shootdown.space();
        long nowCycle = state.services.meter().nowCycle();
        if (space.cachedOn() != 0) {
            shootdown.issued(state.nextNumber(), HartBits.lowest(space.cachedOn()), nowCycle);
            state.observer.issued(shootdown);
            FlushAction action = !state.asids.isCurrent(space)
                    ? FlushAction.SKIP
                    : shootdown.flushesSpace() ? FlushAction.SPACE : FlushAction.PAGES;
            PlannedFlush planned = flusher.plan(shootdown, action, true);
            for (long rest = space.cachedOn(); rest != 0; rest = HartBits.withoutLowest(rest)) {
                flusher.flushPlanned(state.harts.get(HartBits.lowest(rest)), planned, nowCycle);
            }
            state.observer.completed(shootdown, nowCycle);
        }
        completion.finish(shootdown);
    }

    private void dispatched(Shootdown shootdown, boolean counted) {
        long nowCycle = state.services.meter().nowCycle();
        shootdown.dispatchedCycle = shootdown.inHardware ? shootdown.issuedCycle : nowCycle;
        if (shootdown.parked) {
            return;
        }
        if (shootdown.awaited != 0 || shootdown.inHardware) {
            state.await(shootdown);
            return;
        }
        if (counted) {
            completion.complete(shootdown, nowCycle);
        } else {
            state.observer.completed(shootdown, nowCycle);
        }
        completion.finish(shootdown);
    }

    /** The hart at work lets its own TLBs know of a page that grants more than before; others will fault and ask. */
    public void widened(SpaceTranslations space, long virtualAddress) {
        HartTranslations worker = state.worker();
        if (worker != null && HartBits.contains(space.cachedOn(), worker.id())) {
            state.chargeFlush(FlushAction.PAGES, 1);
            worker.flushPage(
                    space.asid(), virtualAddress, state.services.meter().nowCycle());
        }
    }

    /**
     * What a hart must do after a step in which it has issued shootdowns, or has found that it has to wait for others'.
     *
     * @return WAIT until it is woken, CONTINUE, or null where nothing is outstanding
     */
    public KernelStep pendingStep(Hart hart) {
        if (state.awaitsAnswers(hart.id())) {
            return KernelStep.WAIT;
        }
        if (state.hasUnfinished(hart.id())) {
            return KernelStep.CONTINUE;
        }
        return state.awaitsOthers(hart.id()) ? KernelStep.WAIT : null;
    }

    /** Whether the hart at work has issued something that is not finished yet. */
    public boolean hasUnfinished() {
        HartTranslations worker = state.worker();
        return worker != null && state.hasUnfinished(worker.id());
    }

    /**
     * At the beginning of every step that continues kernel work: gives back what the hart's shootdowns have taken away, once
     * all are answered, and pays for that. It may have to wait for others afterwards ({@link #pendingStep}).
     */
    public void finish(Hart hart) {
        parking.finishAnswered();
        if (state.awaitsAnswers(hart.id())) {
            throw new IllegalStateException("hart " + hart.id() + " does not wait for the answers to its shootdowns");
        }
        for (Shootdown shootdown : state.unfinishedOf(hart.id())) {
            if (shootdown.inHardware) {
                broadcasts.carryOut(shootdown);
                completion.complete(shootdown, shootdown.acknowledgedCycle);
            }
            completion.finish(shootdown);
        }
    }

    /**
     * Lets a hart wait for a page that another has put in transit; it is woken when the page has its new PTE.
     *
     * @return whether it has to wait, as {@link #pendingStep} says too
     */
    public boolean waitForPage(Hart hart, SpaceTranslations space, long virtualAddress) {
        if (!space.inTransit().contains(virtualAddress)) {
            return false;
        }
        for (Shootdown shootdown : state.live.values()) {
            if (shootdown.space() == space && shootdown.replaces(virtualAddress)) {
                if (shootdown.initiator() == hart.id()) {
                    return false;
                }
                state.addWaiter(shootdown, hart.id());
                return true;
            }
        }
        throw new IllegalStateException(String.format("no shootdown replaces page 0x%x", virtualAddress));
    }

    /** The hart at work has taken a software interrupt: charges what that and the flushes which it asks for cost. */
    public void beginService(Hart hart, long nowCycle) {
        interrupts.begin(state.harts.get(hart.id()), nowCycle);
    }

    /** That time has passed: the flushes take place and are answered, at no further cost. */
    public void endService(Hart hart, long nowCycle) {
        interrupts.end(state.harts.get(hart.id()), nowCycle);
    }

    /**
     * The space ends: no hart will load it again. Harts that have it loaded, the one at work included, leave it; the one at
     * work must wait for the others ({@link #pendingStep}) before it frees anything. Then frames and tables are freed without
     * further flushes, since its ASID is not given out again before a roll-over.
     */
    public void retire(SpaceTranslations space) {
        space.retire();
        state.asids.retire(space);
        state.harts.forEach(hart -> hart.forget(space));
        HartTranslations worker = state.worker();
        if (worker == null) {
            return;
        }
        parking.retire(space, worker);
        Shootdown shootdown = new Shootdown(space, new FlushBatch(0), true);
        shootdown.issued(state.nextNumber(), worker.id(), state.services.meter().nowCycle());
        if (worker.loaded() == space) {
            loader.leave(worker.hart());
            flusher.flushNow(worker, flusher.plan(shootdown, 0, true));
            state.statistics.fullFlushes++;
        }
        if (space.loadedOn() != 0) {
            awaitLeaving(shootdown);
        } else {
            parking.finishRetired(space, worker);
        }
    }

    private void awaitLeaving(Shootdown retirement) {
        SpaceTranslations space = retirement.space();
        state.observer.issued(retirement);
        state.statistics.count++;
        retirement.generation = space.generations().changed();
        for (long rest = space.loadedOn(); rest != 0; rest = HartBits.withoutLowest(rest)) {
            dispatcher.interrupt(HartBits.lowest(rest), retirement, RemoteFlush.WHAT_CHANGED);
        }
        dispatched(retirement, true);
    }

    /** A tick of the hart at work: it flushes what notes ask of it, and pays for that. */
    public void sweep(Hart hart) {
        parking.finishAnswered();
        rings.sweep(state.harts.get(hart.id()));
    }

    /** Whether anything is parked until all harts have come to notice: then harts need ticks. */
    public boolean hasParked() {
        return state.parkedCount > 0;
    }

    /**
     * Someone wants a range of addresses: has harts notice at once what is parked there.
     *
     * @return whether it is free; if not, the hart at work has to wait ({@link #pendingStep}), and to try again
     */
    public boolean settle(SpaceTranslations space, long start, long end) {
        return !space.parked().overlaps(start, end) || parking.settle(space, start, end);
    }

    /** As {@link #settle}, for all that is parked. */
    public boolean settleAll() {
        return state.parkedCount == 0 || parking.settle(null, 0, Long.MAX_VALUE);
    }

    @Override
    public boolean isQueued(int hartId, int asid) {
        return owed.isQueued(hartId, asid);
    }

    /** For inspection: those that are issued and not over, in the order of issue. */
    public List<Shootdown> unfinished() {
        return List.copyOf(state.live.values());
    }

    /** For inspection: how far a hart has got with one that is not over. */
    public AnswerState answerOf(Shootdown shootdown, int hartId) {
        if (!HartBits.contains(shootdown.awaited(), hartId)) {
            return AnswerState.NONE;
        }
        if (HartBits.contains(shootdown.posted, hartId)) {
            return AnswerState.NOTE_POSTED;
        }
        return state.requests.get(hartId).contains(shootdown) ? AnswerState.INTERRUPT_SENT : AnswerState.SERVING;
    }

    public void save(ByteArrayDataOutput out) {
        state.save(out);
        rings.save(out);
        broadcasts.save(out);
    }

    /** @param spaces all that there are, restored already */
    public void restore(ByteArrayDataInput in, List<SpaceTranslations> spaces) {
        state.restore(in, new SpacesById(spaces));
        rings.restore(in, state.live);
        broadcasts.restore(in);
    }
}
