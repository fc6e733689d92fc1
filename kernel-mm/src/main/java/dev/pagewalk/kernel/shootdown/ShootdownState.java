package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.cost.CostMeter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** What the parts of {@link Shootdowns} share. */
final class ShootdownState {
    final ShootdownServices services;
    final FlushEpochs epochs;
    final List<HartTranslations> harts = new ArrayList<>();
    final List<HartRequests> requests = new ArrayList<>();
    final AsidAllocator asids;
    final ShootdownPolicy policy;
    final ShootdownStatistics statistics = new ShootdownStatistics();
    InvalidationObserver observer = InvalidationObserver.NONE;

    /** Those that are issued and not finished, by number. */
    final TreeMap<Long, Shootdown> live = new TreeMap<>();

    /** How many of them nobody waits for. */
    int parkedCount;

    /** Those of the latter that all harts have answered, in interrupts. */
    final TreeMap<Long, Shootdown> answeredParked = new TreeMap<>();

    /** By hart, those that it has to finish itself. */
    private final List<TreeMap<Long, Shootdown>> unfinished = new ArrayList<>();

    /** By hart, how many shootdowns of other harts it waits for. */
    private final int[] waitsFor;

    private long lastNumber;
    private long lastSpaceId;

    ShootdownState(ShootdownServices services, ShootdownPolicy policy, int asidBits) {
        this.services = services;
        this.policy = policy;
        this.epochs = new FlushEpochs(services.harts().size());
        this.waitsFor = new int[services.harts().size()];
        this.asids = new AsidAllocator(asidBits, services.harts().size());
        for (Hart hart : services.harts()) {
            harts.add(new HartTranslations(hart, services.invalidation(), epochs));
            requests.add(new HartRequests());
            unfinished.add(new TreeMap<>());
        }
    }

    long nextNumber() {
        return ++lastNumber;
    }

    long nextSpaceId() {
        return ++lastSpaceId;
    }

    /** The hart that is at work; null while the machine boots, when no hart has run. */
    HartTranslations worker() {
        Hart hart = services.meter().hart();
        return hart == null ? null : harts.get(hart.id());
    }

    /**
     * Charges what a flush costs to the hart that is at work.
     *
     * @param lengthPages where they are flushed singly
     */
    void chargeFlush(FlushAction action, int lengthPages) {
        CostMeter meter = services.meter();
        long fromCycle = meter.nowCycle();
        switch (action) {
            case SKIP -> {
                // Looking is part of the interrupt.
            }
            case PAGES -> meter.tlbFlushPages(lengthPages);
            case SPACE, EVERYTHING, LEAVE -> meter.tlbFlushAll();
        }
        if (meter.hart() != null) {
            observer.flushTakes(meter.hart().id(), action, lengthPages, fromCycle, meter.nowCycle());
        }
    }

    /** The initiator will finish a shootdown that it has issued, or that was parked. */
    void await(Shootdown shootdown) {
        if (shootdown.parked) {
            shootdown.parked = false;
            parkedCount--;
            answeredParked.remove(shootdown.number());
        }
        live.put(shootdown.number(), shootdown);
        unfinished.get(shootdown.initiator).put(shootdown.number(), shootdown);
    }

    /** Nobody waits for a shootdown; its range of addresses must not be used again before it is finished. */
    void park(Shootdown shootdown) {
        shootdown.parked = true;
        shootdown.holdsRange = true;
        parkedCount++;
        live.put(shootdown.number(), shootdown);
        shootdown.space().parked().add(shootdown.lingerStart, shootdown.lingerEnd);
    }

    void finished(Shootdown shootdown) {
        live.remove(shootdown.number());
        if (shootdown.parked) {
            answeredParked.remove(shootdown.number());
            parkedCount--;
        } else if (shootdown.initiator != Shootdown.NO_HART) {
            unfinished.get(shootdown.initiator).remove(shootdown.number());
        }
        for (long rest = shootdown.waiters; rest != 0; rest = HartBits.withoutLowest(rest)) {
            waitsFor[HartBits.lowest(rest)]--;
        }
        if (shootdown.holdsRange) {
            shootdown.space().parked().remove(shootdown.lingerStart, shootdown.lingerEnd);
        }
    }

    /** Whether a hart has issued shootdowns that harts have not answered yet. */
    boolean awaitsAnswers(int hartId) {
        for (Shootdown shootdown : unfinished.get(hartId).values()) {
            if (shootdown.awaited != 0) {
                return true;
            }
        }
        return false;
    }

    /** A hart waits until another has finished a shootdown. */
    void addWaiter(Shootdown shootdown, int hartId) {
        if (!HartBits.contains(shootdown.waiters, hartId)) {
            shootdown.waiters |= HartBits.of(hartId);
            waitsFor[hartId]++;
        }
    }

    /** Whether a hart has to wait for another one to finish a shootdown. */
    boolean awaitsOthers(int hartId) {
        return waitsFor[hartId] > 0;
    }

    /** Whether a hart has issued shootdowns that it has to finish itself. */
    boolean hasUnfinished(int hartId) {
        return !unfinished.get(hartId).isEmpty();
    }

    /** When the last of the answers came for which a hart has waited. */
    long latestAnswerCycle(int hartId) {
        long latest = 0;
        for (Shootdown shootdown : unfinished.get(hartId).values()) {
            latest = Math.max(latest, shootdown.acknowledgedCycle);
        }
        return latest;
    }

    /** What a hart has issued and must finish itself, in the order of issue. */
    List<Shootdown> unfinishedOf(int hartId) {
        return List.copyOf(unfinished.get(hartId).values());
    }

    void save(ByteArrayDataOutput out) {
        out.writeLong(lastNumber);
        out.writeLong(lastSpaceId);
        epochs.save(out);
        asids.save(out);
        statistics.save(out);
        out.writeInt(live.size());
        live.values().forEach(shootdown -> shootdown.save(out));
        harts.forEach(hart -> hart.save(out));
        requests.forEach(request -> request.save(out));
    }

    void restore(ByteArrayDataInput in, SpacesById spaces) {
        lastNumber = in.readLong();
        lastSpaceId = in.readLong();
        epochs.restore(in);
        asids.restore(in);
        spaces.all().forEach(asids::restoreOwner);
        statistics.restore(in);
        live.clear();
        parkedCount = 0;
        answeredParked.clear();
        Arrays.fill(waitsFor, 0);
        unfinished.forEach(TreeMap::clear);
        for (int count = in.readInt(); count > 0; count--) {
            Shootdown shootdown = Shootdown.restore(in, spaces);
            live.put(shootdown.number(), shootdown);
            for (long rest = shootdown.waiters; rest != 0; rest = HartBits.withoutLowest(rest)) {
                waitsFor[HartBits.lowest(rest)]++;
            }
            if (shootdown.parked) {
                parkedCount++;
                if (shootdown.awaited == 0) {
                    answeredParked.put(shootdown.number(), shootdown);
                }
            } else {
                unfinished.get(shootdown.initiator).put(shootdown.number(), shootdown);
            }
        }
        harts.forEach(hart -> hart.restore(in, spaces));
        requests.forEach(request -> request.restore(in, live, spaces));
    }
}
