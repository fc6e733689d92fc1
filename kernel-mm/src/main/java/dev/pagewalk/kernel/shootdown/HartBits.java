package dev.pagewalk.kernel.shootdown;

/** Sets of harts as bits in a long: bit i is hart i. */
public final class HartBits {
    private HartBits() {}

    public static long of(int hartId) {
        return 1L << hartId;
    }

    /** @param count 1 to 64 */
    public static long first(int count) {
        return -1L >>> Long.SIZE - count;
    }

    public static boolean contains(long harts, int hartId) {
        return (harts >>> hartId & 1) != 0;
    }

    /** The lowest one; 64 where there is none. */
    public static int lowest(long harts) {
        return Long.numberOfTrailingZeros(harts);
    }

    public static long withoutLowest(long harts) {
        return harts & harts - 1;
    }
}
