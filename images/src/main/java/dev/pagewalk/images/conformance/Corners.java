package dev.pagewalk.images.conformance;

import java.util.List;

/** The operands at which instructions go wrong. */
final class Corners {
    /** Zero and one, the ends of the ranges of words and double words with their neighbours, and patterns. */
    static final List<Long> VALUES = List.of(
            0L,
            1L,
            2L,
            -1L,
            -2L,
            0x7FFF_FFFFL,
            0x8000_0000L,
            0xFFFF_FFFFL,
            0x1_0000_0000L,
            -0x8000_0000L,
            -0x8000_0001L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MIN_VALUE + 1,
            0x5555_5555_5555_5555L,
            0xAAAA_AAAA_AAAA_AAAAL,
            0x0123_4567_89AB_CDEFL,
            0xFEDC_BA98_7654_3210L);

    /** Enough to tell operands and results apart where it is the registers that matter. */
    static final List<Long> FEW_VALUES = List.of(3L, -1L, Long.MIN_VALUE, 0x0123_4567_89AB_CDEFL);

    /** Shift amounts in a register: only the lowest 5 or 6 bits count. */
    static final List<Long> SHIFT_AMOUNTS =
            List.of(0L, 1L, 31L, 32L, 33L, 63L, 64L, 65L, -1L, -32L, 0x1_0000_0000L, Long.MIN_VALUE);

    static final List<Long> IMMEDIATES = List.of(-2048L, -2047L, -0x556L, -1L, 0L, 1L, 2L, 0x555L, 2046L, 2047L);

    /** Of lui and auipc, as assembly writes them. */
    static final List<Long> UPPER_IMMEDIATES = List.of(0L, 1L, 0x5_5555L, 0x7_FFFFL, 0x8_0000L, 0xA_AAAAL, 0xF_FFFFL);

    /** Immediate shift amounts, as far as {@code width} bits allow. */
    static List<Long> immediateShifts(int width) {
        return width == 64 ? List.of(0L, 1L, 31L, 32L, 33L, 62L, 63L) : List.of(0L, 1L, 15L, 16L, 30L, 31L);
    }

    private Corners() {}
}
