package dev.pagewalk.emulator.testing;

import java.math.BigInteger;
import java.util.Random;

/** What the manual's text says instructions compute, in unhurried big integers: independent of the engines. */
public final class Oracle {
    private static final BigInteger TWO_32 = BigInteger.ONE.shiftLeft(32);
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
    private static final long[] INTERESTING = {
        0,
        1,
        -1,
        2,
        31,
        32,
        33,
        63,
        64,
        65,
        0x7FF,
        -0x800,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        0x7FFF_FFFF_8000_0000L,
        0x5555_5555_5555_5555L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
    };

    private Oracle() {}

    /** An operand that is an edge case half of the time. */
    public static long operand(Random random) {
        return random.nextBoolean() ? INTERESTING[random.nextInt(INTERESTING.length)] : random.nextLong();
    }

    /** The result of {@code mnemonic rd, a, b} for the register instructions of I and M. */
    public static long compute(String mnemonic, long a, long b) {
        BigInteger sa = BigInteger.valueOf(a);
        BigInteger sb = BigInteger.valueOf(b);
        BigInteger ua = unsigned(a, TWO_64);
        BigInteger ub = unsigned(b, TWO_64);
        BigInteger sa32 = signed32(a);
        BigInteger sb32 = signed32(b);
        BigInteger ua32 = unsigned(a, TWO_32);
        BigInteger ub32 = unsigned(b, TWO_32);
        int shift = ub.mod(BigInteger.valueOf(64)).intValue();
        int shift32 = ub.mod(BigInteger.valueOf(32)).intValue();
        return switch (mnemonic) {
            case "add" -> wrap(sa.add(sb));
            case "sub" -> wrap(sa.subtract(sb));
            case "and" -> wrap(sa.and(sb));
            case "or" -> wrap(sa.or(sb));
            case "xor" -> wrap(sa.xor(sb));
            case "slt" -> sa.compareTo(sb) < 0 ? 1 : 0;
            case "sltu" -> ua.compareTo(ub) < 0 ? 1 : 0;
            case "sll" -> wrap(ua.shiftLeft(shift));
            case "srl" -> wrap(ua.shiftRight(shift));
            case "sra" -> wrap(sa.shiftRight(shift));
            case "addw" -> wrap32(sa.add(sb));
            case "subw" -> wrap32(sa.subtract(sb));
            case "sllw" -> wrap32(ua32.shiftLeft(shift32));
            case "srlw" -> wrap32(ua32.shiftRight(shift32));
            case "sraw" -> wrap32(sa32.shiftRight(shift32));
            case "mul" -> wrap(sa.multiply(sb));
            case "mulh" -> wrap(sa.multiply(sb).shiftRight(64));
            case "mulhsu" -> wrap(sa.multiply(ub).shiftRight(64));
            case "mulhu" -> wrap(ua.multiply(ub).shiftRight(64));
            case "div" -> b == 0 ? -1 : wrap(sa.divide(sb));
            case "divu" -> b == 0 ? -1 : wrap(ua.divide(ub));
            case "rem" -> b == 0 ? a : wrap(sa.remainder(sb));
            case "remu" -> b == 0 ? a : wrap(ua.remainder(ub));
            case "mulw" -> wrap32(sa32.multiply(sb32));
            case "divw" -> sb32.signum() == 0 ? -1 : wrap32(sa32.divide(sb32));
            case "divuw" -> ub32.signum() == 0 ? -1 : wrap32(ua32.divide(ub32));
            case "remw" -> sb32.signum() == 0 ? wrap32(sa32) : wrap32(sa32.remainder(sb32));
            case "remuw" -> ub32.signum() == 0 ? wrap32(ua32) : wrap32(ua32.remainder(ub32));
            default -> throw new IllegalArgumentException(mnemonic);
        };
    }

    /** What an AMO leaves in memory: 8 bytes, or the low 4 of the result for a word. */
    public static long combine(String mnemonic, long old, long operand) {
        boolean word = mnemonic.endsWith(".w");
        BigInteger signedOld = word ? signed32(old) : BigInteger.valueOf(old);
        BigInteger signedNew = word ? signed32(operand) : BigInteger.valueOf(operand);
        BigInteger unsignedOld = unsigned(old, word ? TWO_32 : TWO_64);
        BigInteger unsignedNew = unsigned(operand, word ? TWO_32 : TWO_64);
        BigInteger result = switch (mnemonic.substring(3, mnemonic.indexOf('.'))) {
            case "swap" -> unsignedNew;
            case "add" -> unsignedOld.add(unsignedNew);
            case "xor" -> unsignedOld.xor(unsignedNew);
            case "and" -> unsignedOld.and(unsignedNew);
            case "or" -> unsignedOld.or(unsignedNew);
            case "min" -> signedOld.min(signedNew);
            case "max" -> signedOld.max(signedNew);
            case "minu" -> unsignedOld.min(unsignedNew);
            case "maxu" -> unsignedOld.max(unsignedNew);
            default -> throw new IllegalArgumentException(mnemonic);
        };
        return word ? wrap32(result) & 0xFFFF_FFFFL : wrap(result);
    }

    /** Whether a branch is taken. */
    public static boolean taken(String mnemonic, long a, long b) {
        int signed = BigInteger.valueOf(a).compareTo(BigInteger.valueOf(b));
        int unsigned = unsigned(a, TWO_64).compareTo(unsigned(b, TWO_64));
        return switch (mnemonic) {
            case "beq" -> signed == 0;
            case "bne" -> signed != 0;
            case "blt" -> signed < 0;
            case "bge" -> signed >= 0;
            case "bltu" -> unsigned < 0;
            case "bgeu" -> unsigned >= 0;
            default -> throw new IllegalArgumentException(mnemonic);
        };
    }

    private static BigInteger unsigned(long value, BigInteger modulus) {
        return BigInteger.valueOf(value).mod(modulus);
    }

    private static BigInteger signed32(long value) {
        BigInteger low = unsigned(value, TWO_32);
        return low.testBit(31) ? low.subtract(TWO_32) : low;
    }

    private static long wrap(BigInteger value) {
        return value.mod(TWO_64).longValue();
    }

    private static long wrap32(BigInteger value) {
        return signed32(value.mod(TWO_32).longValue()).longValue();
    }
}
