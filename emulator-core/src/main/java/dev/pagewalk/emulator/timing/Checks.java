package dev.pagewalk.emulator.timing;

/** The range checks of the profile records; a message names the profile key, so that the loader need not. */
final class Checks {
    /** No single cost exceeds this, so that sums of costs stay far from overflow. */
    static final int MAX_CYCLES = 1_000_000;

    private Checks() {}

    static void cycles(String key, int value) {
        range(key, value, 0, MAX_CYCLES);
    }

    static void range(String key, long value, long min, long max) {
        // Events are checked, too: no text for what is right.
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " is " + value + ", but must be " + min + " to " + max);
        }
    }

    static void powerOfTwo(String key, int value) {
        require(Integer.bitCount(value) == 1, key + " is " + value + ", but must be a power of two");
    }

    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
