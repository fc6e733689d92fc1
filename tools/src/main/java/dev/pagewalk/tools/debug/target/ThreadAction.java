package dev.pagewalk.tools.debug.target;

/** What a thread does when the guest goes on; of a thread without one, nothing: it stays where it is. */
public sealed interface ThreadAction {
    /** No signal. */
    int NO_SIGNAL = 0;

    /**
     * It runs.
     *
     * @param signal of Linux's numbers, delivered to it first in the place of the one it has been stopped for; {@link #NO_SIGNAL}
     *     drops that
     */
    record Continue(int signal) implements ThreadAction {}

    /**
     * It executes one instruction, then the guest stops.
     *
     * @param signal as of {@link Continue}
     */
    record Step(int signal) implements ThreadAction {}

    /**
     * It executes instructions as long as its pc stays in a range, at least one; then the guest stops.
     *
     * @param startAddress the range's first address
     * @param endAddress the first one behind it
     */
    record StepInRange(long startAddress, long endAddress) implements ThreadAction {}
}
