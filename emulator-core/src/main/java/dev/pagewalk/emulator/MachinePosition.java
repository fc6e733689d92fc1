package dev.pagewalk.emulator;

import java.util.Comparator;

/**
 * A moment in a machine's run that every run with the same inputs comes to, and that none comes to twice.
 *
 * @param turn what the machine's loop has begun since power-on (slices, kernel steps, events, interrupts), and the slices that it has
 *     ended
 * @param retired instructions that all harts together have retired
 * @param holds how often the kernel step that is the turn has been held on its way, where it has not gone on yet; else 0
 */
public record MachinePosition(long turn, long retired, int holds) implements Comparable<MachinePosition> {
    /** Power-on. */
    public static final MachinePosition START = new MachinePosition(0, 0, 0);

    private static final Comparator<MachinePosition> ORDER = Comparator.comparingLong(MachinePosition::turn)
            .thenComparingLong(MachinePosition::retired)
            // A step that is held has not ended yet.
            .thenComparingInt(position -> position.holds == 0 ? Integer.MAX_VALUE : position.holds);

    @Override
    public int compareTo(MachinePosition other) {
        return ORDER.compare(this, other);
    }
}
