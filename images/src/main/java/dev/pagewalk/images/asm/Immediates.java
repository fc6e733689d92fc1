package dev.pagewalk.images.asm;

import dev.pagewalk.emulator.isa.Format;

/**
 * The two halves into which an instruction pair splits a 32-bit number or distance: the high one is rounded, because
 * the low one is sign-extended.
 *
 * <p>Source: RISC-V ELF psABI, "Calculation Symbols" and R_RISCV_HI20, R_RISCV_LO12_I.
 */
final class Immediates {
    private Immediates() {}

    /** Whether {@code lui} or {@code auipc} and a 12-bit immediate can make {@code value}. */
    static boolean fits(long value) {
        return value + 0x800 == (int) (value + 0x800);
    }

    /** The high half as it stands in the register: a multiple of 4096. */
    static int high(long value) {
        return (int) (value + 0x800) & 0xFFFFF000;
    }

    /** The low half, -2048..2047. */
    static int low(long value) {
        return (int) value << 20 >> 20;
    }

    /** The low half in its place in an I- or S-type instruction. */
    static int placeLow(long value, boolean store) {
        return (store ? Format.STORE : Format.I).placeImmediate(low(value));
    }
}
