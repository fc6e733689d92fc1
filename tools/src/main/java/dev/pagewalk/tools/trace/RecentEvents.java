package dev.pagewalk.tools.trace;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Keeps the last things that the kernel did: faults, system calls, interrupts between harts, flushes, shootdowns, waits for
 * locks. A part of the machine's trace: {@code KernelConfig.withTrace(other.and(recentEvents))}. It takes the same memory
 * however long the run is, and is no part of the machine's state.
 */
public final class RecentEvents implements TraceSink {
    private static final int MOST = 1 << 20;
    private static final int NO_HART = -1;

    private final int capacity;

    /** In the order in which they were over. */
    private final ArrayDeque<Event> events = new ArrayDeque<>();

    /** How many there were. */
    private long told;

    /**
     * @param capacity how many are kept, 1 to 1,048,576
     * @throws IllegalArgumentException for fewer or more
     */
    public RecentEvents(int capacity) {
        if (capacity < 1 || capacity > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " events can be kept, not " + capacity);
        }
        this.capacity = capacity;
    }

    /**
     * One thing.
     *
     * @param toHart where an interrupt or an answer goes; -1 for all else
     */
    public record Event(int hartId, TraceCategory category, String name, long startCycle, long endCycle, int toHart) {
        /** What happened, and to whom. */
        public String what() {
            return toHart == NO_HART ? name : name + " to hart " + toHart;
        }
    }

    /** Forgets what there was: the run begins anew, or is taken back. */
    public void clear() {
        events.clear();
        told = 0;
    }

    @Override
    public void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {
        if (isKept(category)) {
            add(new Event(hartId, category, name, startCycle, endCycle, NO_HART));
        }
    }

    @Override
    public void instant(int hartId, TraceCategory category, String name, long cycle) {
        span(hartId, category, name, cycle, cycle);
    }

    @Override
    public void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {
        add(new Event(fromHart, TraceCategory.IPI, name, fromCycle, toCycle, toHart));
    }

    @Override
    public boolean wantsWalks() {
        return false;
    }

    private static boolean isKept(TraceCategory category) {
        return switch (category) {
            case SYSTEM_CALL, FAULT, IPI, FLUSH, LOCK, SHOOTDOWN -> true;
            // Stays in the kernel and turns enclose the others; waits and walks are parts of them.
            case TRAP, WALK, WAIT, SCHEDULE -> false;
        };
    }

    private void add(Event event) {
        if (events.size() == capacity) {
            events.removeFirst();
        }
        events.addLast(event);
        told++;
    }

    /** The machine has gone back in time: what was over after a cycle has not happened. */
    public void forgetAfter(long cycle) {
        int before = events.size();
        events.removeIf(event -> event.endCycle > cycle);
        told -= before - events.size();
    }

    public int capacity() {
        return capacity;
    }

    /** How many things have happened, those included that are not kept any more. */
    public long told() {
        return told;
    }

    /** The last so many that are wanted, in the order of their beginnings. */
    public List<Event> last(int most, Predicate<Event> wanted) {
        List<Event> found = new ArrayList<>(events.stream().filter(wanted).toList());
        // The sort is stable: of one hart and cycle, the order in which they were over.
        found.sort(Comparator.comparingLong(Event::startCycle).thenComparingInt(Event::hartId));
        return List.copyOf(found.subList(Math.max(0, found.size() - most), found.size()));
    }
}
