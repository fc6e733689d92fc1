package dev.pagewalk.emulator.timing;

/**
 * Something that happens at a given cycle; pure data, so that a snapshot can hold it.
 *
 * @param cycle when it is due
 * @param sequence unique within its queue; of events at one cycle the one scheduled first has the smaller number
 * @param target a hart's id or a device's number, as the kind says
 */
public record Event(long cycle, long sequence, EventKind kind, int target) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
        int byCycle = Long.compare(cycle, other.cycle);
        return byCycle != 0 ? byCycle : Long.compare(sequence, other.sequence);
    }
}
