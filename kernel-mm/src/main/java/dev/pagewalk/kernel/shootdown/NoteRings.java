package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.shootdown.InvalidationObserver.Telling;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The rings in which harts leave each other notes of shootdowns that nobody waits for: a ring a hart, in which it alone
 * writes and which all sweep. Source: LATR (ASPLOS 2018), section 4: "LATR states", with 64 of them a core.
 */
final class NoteRings {
    /** Of a ring. */
    static final int MOST_NOTES = 64;

    private final ShootdownState state;
    private final Flusher flusher;
    private final Completion completion;
    private final List<List<Shootdown>> rings = new ArrayList<>();
    private int notes;

    NoteRings(ShootdownState state, Flusher flusher, Completion completion) {
        this.state = state;
        this.flusher = flusher;
        this.completion = completion;
        for (int hartId = 0; hartId < state.harts.size(); hartId++) {
            rings.add(new ArrayList<>());
        }
    }

    /** As {@link ShootdownDelivery#post}. The frames, the tables and the range are parked from now on. */
    boolean post(long harts, Shootdown shootdown) {
        List<Shootdown> ring = rings.get(state.worker().id());
        if (ring.size() == MOST_NOTES) {
            return false;
        }
        ring.add(shootdown);
        notes++;
        shootdown.awaited |= harts;
        shootdown.posted = harts;
        state.park(shootdown);
        for (long rest = harts; rest != 0; rest = HartBits.withoutLowest(rest)) {
            state.observer.told(shootdown, HartBits.lowest(rest), Telling.POSTED);
        }
        return true;
    }

    /** The hart at work does what all notes to it ask for; the last one of those to whom a note is addressed frees. */
    void sweep(HartTranslations hart) {
        if (notes == 0) {
            return;
        }
        for (List<Shootdown> ring : rings) {
            for (Shootdown shootdown : List.copyOf(ring)) {
                if (HartBits.contains(shootdown.posted, hart.id())) {
                    read(hart, shootdown);
                    if (shootdown.awaited == 0) {
                        completion.finish(shootdown);
                    }
                }
            }
        }
    }

    /** The hart at work does what a note to it asks for. */
    void read(HartTranslations hart, Shootdown shootdown) {
        long seen = shootdown.space().generations().seen(hart.id());
        PlannedFlush planned = flusher.plan(shootdown, seen, false);
        flusher.flushNow(hart, planned);
        state.statistics.flushed(planned.action());
        completion.acknowledge(shootdown, hart.id(), state.services.meter().nowCycle());
        if (shootdown.posted == 0) {
            withdraw(shootdown);
        }
    }

    /** Takes a note out of its ring, read or not. */
    void withdraw(Shootdown shootdown) {
        shootdown.posted = 0;
        for (List<Shootdown> ring : rings) {
            if (ring.remove(shootdown)) {
                notes--;
            }
        }
    }

    void save(ByteArrayDataOutput out) {
        for (List<Shootdown> ring : rings) {
            out.writeInt(ring.size());
            ring.forEach(shootdown -> out.writeLong(shootdown.number()));
        }
    }

    void restore(ByteArrayDataInput in, SortedMap<Long, Shootdown> live) {
        notes = 0;
        for (List<Shootdown> ring : rings) {
            ring.clear();
            for (int count = in.readInt(); count > 0; count--) {
                ring.add(live.get(in.readLong()));
                notes++;
            }
        }
    }
}
