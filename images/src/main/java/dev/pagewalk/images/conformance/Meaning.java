package dev.pagewalk.images.conformance;

import java.math.BigInteger;

/** What an instruction computes from its two operands, exact; the register keeps the lowest bits of it. */
@FunctionalInterface
interface Meaning {
    BigInteger of(Operand a, Operand b);
}
