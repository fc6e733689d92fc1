package dev.pagewalk.emulator.engine;

/**
 * The M extension's arithmetic where it differs from Java's: division never traps, and there are unsigned high products.
 *
 * <p>Source: RISC-V Unprivileged ISA, "Division Operations", table of division by zero and overflow.
 */
public final class Arithmetic {
    private Arithmetic() {}

    /** The upper 64 bits of the product of two unsigned values. */
    public static long multiplyHighUnsigned(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    /** The upper 64 bits of the product of a signed {@code a} and an unsigned {@code b}. */
    public static long multiplyHighSignedUnsigned(long a, long b) {
        return Math.multiplyHigh(a, b) + (b >> 63 & a);
    }

    public static long divide(long a, long b) {
        return b == 0 ? -1 : a / b;
    }

    public static long divideUnsigned(long a, long b) {
        return b == 0 ? -1 : Long.divideUnsigned(a, b);
    }

    public static long remainder(long a, long b) {
        return b == 0 ? a : a % b;
    }

    public static long remainderUnsigned(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    public static int divide(int a, int b) {
        return b == 0 ? -1 : a / b;
    }

    public static int divideUnsigned(int a, int b) {
        return b == 0 ? -1 : Integer.divideUnsigned(a, b);
    }

    public static int remainder(int a, int b) {
        return b == 0 ? a : a % b;
    }

    public static int remainderUnsigned(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    /** Whether {@code a < b} as unsigned values. A 64-bit compare of shifted values, which C2 has always got right. */
    public static boolean lessUnsigned(long a, long b) {
        return a + Long.MIN_VALUE < b + Long.MIN_VALUE;
    }
}
