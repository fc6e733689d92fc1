package dev.pagewalk.emulator.isa;

/**
 * Where an instruction's operands stand in its encoding and how assembly writes them.
 *
 * <p>Source: RISC-V Unprivileged ISA, "Base Instruction Formats" and "Immediate Encoding Variants". The shift formats are
 * I-type with a shorter immediate, the memory formats are I- and S-type with their own assembly syntax.
 */
public enum Format {
    /** {@code add rd, rs1, rs2}. */
    R,
    /** {@code addi rd, rs1, imm}: 12 bits, sign-extended. */
    I,
    /** {@code slli rd, rs1, shamt}: 6 bits, unsigned. */
    SHIFT,
    /** {@code slliw rd, rs1, shamt}: 5 bits, unsigned. */
    SHIFT_WORD,
    /** {@code ld rd, imm(rs1)}: 12 bits, sign-extended. */
    LOAD,
    /** {@code jalr rd, imm(rs1)}: 12 bits, sign-extended. */
    JUMP_REGISTER,
    /** {@code sd rs2, imm(rs1)}: 12 bits, sign-extended. */
    STORE,
    /** {@code beq rs1, rs2, target}: 13 bits, sign-extended, even. */
    BRANCH,
    /** {@code lui rd, imm}: the immediate is the value's bits 31..12; {@link #immediate} gives the shifted value. */
    UPPER,
    /** {@code jal rd, target}: 21 bits, sign-extended, even. */
    JUMP,
    /** {@code fence pred, succ}: the immediate is the 12-bit field fm, pred, succ. */
    FENCE,
    /** {@code ecall}, {@code fence.i}: no operands; bits that the row leaves open are ignored. */
    NONE,
    /** {@code csrrw rd, csr, rs1}: the immediate is the CSR's number, 0..4095. */
    CSR,
    /** {@code csrrwi rd, csr, uimm}: as {@link #CSR}, and rs1's field is a 5-bit unsigned value. */
    CSR_IMMEDIATE,
    /** {@code lr.d rd, (rs1)}: aq and rl are bits 26 and 25. */
    LOAD_RESERVED,
    /** {@code amoadd.d rd, rs2, (rs1)}: aq and rl are bits 26 and 25. */
    ATOMIC;

    /** The destination register's number, 0..31; meaningless where the format has none. */
    public static int rd(int raw) {
        return raw >>> 7 & 31;
    }

    /** The first source register's number, 0..31; meaningless where the format has none. */
    public static int rs1(int raw) {
        return raw >>> 15 & 31;
    }

    /** The second source register's number, 0..31; meaningless where the format has none. */
    public static int rs2(int raw) {
        return raw >>> 20 & 31;
    }

    /** Whether rd names a register that the instruction writes. */
    public boolean writesRd() {
        return switch (this) {
            case STORE, BRANCH, FENCE, NONE -> false;
            default -> true;
        };
    }

    /** The immediate operand of {@code raw}, sign- or zero-extended as the format says; 0 where the format has none. */
    public int immediate(int raw) {
        return switch (this) {
            case I, LOAD, JUMP_REGISTER -> raw >> 20;
            case SHIFT -> raw >>> 20 & 63;
            case SHIFT_WORD -> raw >>> 20 & 31;
            case STORE -> raw >> 25 << 5 | raw >>> 7 & 31;
            case BRANCH -> raw >> 31 << 12 | (raw >>> 7 & 1) << 11 | (raw >>> 25 & 63) << 5 | (raw >>> 8 & 15) << 1;
            case UPPER -> raw & 0xFFFFF000;
            case JUMP -> raw >> 31 << 20 | raw & 0xFF000 | (raw >>> 20 & 1) << 11 | (raw >>> 21 & 1023) << 1;
            case FENCE, CSR, CSR_IMMEDIATE -> raw >>> 20;
            case R, NONE, LOAD_RESERVED, ATOMIC -> 0;
        };
    }

    /**
     * The bits of {@code immediate} in their places, to be united with an instruction's match value: the inverse of
     * {@link #immediate(int)}.
     *
     * @throws IllegalArgumentException where the immediate is out of the format's range or odd where it must be even;
     *     the message says the range
     */
    public int placeImmediate(int immediate) {
        return switch (this) {
            case I, LOAD, JUMP_REGISTER -> signed(immediate, 12) << 20;
            case SHIFT -> unsigned(immediate, 6) << 20;
            case SHIFT_WORD -> unsigned(immediate, 5) << 20;
            case STORE -> (signed(immediate, 12) >> 5 & 127) << 25 | (immediate & 31) << 7;
            case BRANCH -> {
                even(signed(immediate, 13));
                yield (immediate >> 12 & 1) << 31
                        | (immediate >> 5 & 63) << 25
                        | (immediate >> 1 & 15) << 8
                        | (immediate >> 11 & 1) << 7;
            }
            case UPPER -> {
                if ((immediate & 0xFFF) != 0) {
                    throw new IllegalArgumentException("immediate must be a multiple of 4096, not " + immediate);
                }
                yield immediate;
            }
            case JUMP -> {
                even(signed(immediate, 21));
                yield (immediate >> 20 & 1) << 31
                        | (immediate >> 1 & 1023) << 21
                        | (immediate >> 11 & 1) << 20
                        | immediate & 0xFF000;
            }
            case FENCE, CSR, CSR_IMMEDIATE -> unsigned(immediate, 12) << 20;
            case R, NONE, LOAD_RESERVED, ATOMIC -> unsigned(immediate, 0);
        };
    }

    private static int signed(int value, int bits) {
        int limit = 1 << bits - 1;
        if (value < -limit || value >= limit) {
            throw new IllegalArgumentException("immediate " + value + " is outside " + -limit + " to " + (limit - 1));
        }
        return value;
    }

    private static int unsigned(int value, int bits) {
        if (value < 0 || value >= 1 << bits) {
            throw new IllegalArgumentException("immediate " + value + " is outside 0 to " + ((1 << bits) - 1));
        }
        return value;
    }

    private static void even(int value) {
        if ((value & 1) != 0) {
            throw new IllegalArgumentException("offset " + value + " is odd");
        }
    }
}
