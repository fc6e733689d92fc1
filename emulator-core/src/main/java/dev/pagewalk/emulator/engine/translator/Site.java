package dev.pagewalk.emulator.engine.translator;

/**
 * An instruction in a region, and what its block has spent before it: what the clock and the counters must be brought up to
 * where it leaves the fast path.
 *
 * @param slot in its window
 * @param word decoded
 * @param cyclesBefore of the instructions before it in its block
 * @param retiredBefore how many those are
 * @param accessesBefore accesses to data that they make
 */
record Site(int slot, long word, int cyclesBefore, int retiredBefore, int accessesBefore) {
    /** In bytes from the beginning of the window. */
    int offset() {
        return slot * 2;
    }
}
