package dev.pagewalk.images.conformance;

import java.math.BigInteger;

/**
 * A register's value as an instruction of {@code width} bits sees it: its lowest {@code width} bits.
 *
 * @param bits what the register or the immediate holds
 * @param width 32 for the instructions on words, else 64
 */
record Operand(long bits, int width) {

    BigInteger signed() {
        return BigInteger.valueOf(width == 64 ? bits : (int) bits);
    }

    BigInteger unsigned() {
        return signed().mod(BigInteger.ONE.shiftLeft(width));
    }

    /** The shift amount that this operand says: its lowest 5 bits for a word, else 6. */
    int shiftAmount() {
        return signed().mod(BigInteger.valueOf(width)).intValueExact();
    }

    boolean isZero() {
        return signed().signum() == 0;
    }

    /** What the destination register holds when {@code result} has been computed: {@code width} bits, sign-extended. */
    static long toRegister(BigInteger result, int width) {
        return width == 64 ? result.longValue() : result.intValue();
    }
}
