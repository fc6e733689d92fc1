package dev.pagewalk.emulator.engine.translator;

/** What a translated region is to the host: a hidden class with one method. */
abstract class RegionCode {
    /** What {@link #run} returns where {@link Passage#slow} has ended the passage. */
    static final int LEFT = -1;

    /**
     * Executes the region until it is left.
     *
     * @param x the hart's registers; loaded at the beginning, stored at the end
     * @param left cycles to the stop, at least the worst cost of the entry
     * @param window virtual address of the window that the region is in
     * @param entry 1 for the first
     * @return the number of the exit, 0 for the first, or {@link #LEFT}
     */
    abstract int run(Passage passage, long[] x, long left, long window, int entry);
}
