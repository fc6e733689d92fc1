package dev.pagewalk.emulator.timing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.List;
import java.util.TreeSet;

/**
 * What is to happen, ordered by cycle and then by the order of scheduling. The machine has one; its loop gives no hart a
 * deadline beyond {@link #nextCycle}.
 */
public final class EventQueue implements Snapshotable {
    private static final EventKind[] KINDS = EventKind.values();

    private final TreeSet<Event> events = new TreeSet<>();
    private long nextSequence;
    /** {@link #nextCycle} is asked before every slice, the tree changes seldom. */
    private long nextCycle = Long.MAX_VALUE;

    /**
     * Adds an event.
     *
     * @param cycle 0 to Long.MAX_VALUE - 1; a cycle that no run reaches is allowed
     * @throws IllegalArgumentException where the cycle is outside that range
     */
    public Event schedule(long cycle, EventKind kind, int target) {
        Checks.range("event cycle", cycle, 0, Long.MAX_VALUE - 1);
        Event event = new Event(cycle, nextSequence++, kind, target);
        events.add(event);
        changed();
        return event;
    }

    /** Removes an event; one that has happened or was cancelled before is no error. */
    public void cancel(Event event) {
        if (events.remove(event)) {
            changed();
        }
    }

    /**
     * Removes every event of a kind and target.
     *
     * @return how many there were
     */
    public int cancelAll(EventKind kind, int target) {
        int before = events.size();
        events.removeIf(event -> event.kind() == kind && event.target() == target);
        changed();
        return before - events.size();
    }

    /** The cycle of the first event; Long.MAX_VALUE where there is none. */
    public long nextCycle() {
        return nextCycle;
    }

    /** Takes the first event out; null where there is none. */
    public Event poll() {
        Event first = events.pollFirst();
        changed();
        return first;
    }

    public boolean isEmpty() {
        return events.isEmpty();
    }

    /** The events in order, as they are now; for diagnostics. */
    public List<Event> list() {
        return List.copyOf(events);
    }

    private void changed() {
        nextCycle = events.isEmpty() ? Long.MAX_VALUE : events.first().cycle();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(nextSequence);
        out.writeInt(events.size());
        for (Event event : events) {
            out.writeLong(event.cycle());
            out.writeLong(event.sequence());
            out.writeByte(event.kind().ordinal());
            out.writeInt(event.target());
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        nextSequence = in.readLong();
        events.clear();
        for (int remaining = in.readInt(); remaining > 0; remaining--) {
            events.add(new Event(in.readLong(), in.readLong(), KINDS[in.readByte()], in.readInt()));
        }
        changed();
    }
}
