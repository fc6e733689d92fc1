package dev.pagewalk.emulator.isa;

import java.util.function.LongFunction;

/**
 * Writes instructions in GNU syntax, under the usual aliases ({@code li}, {@code ret}, {@code beqz}, ...); compressed ones
 * under their own names ({@code c.li}, {@code c.jr}). The image listing calls it.
 *
 * <p>What it prints encodes to the same bits again. Where that cannot be had (an illegal encoding, reserved bits set in a
 * fence) it prints {@code .4byte 0x...} or {@code .2byte 0x...}.
 */
public final class Disassembler {
    private static final int AQ_BIT = 1 << 26;
    private static final int RL_BIT = 1 << 25;
    private static final int UNIMP = 0xC0001073;
    private static final int FENCE_TSO = 0x8330000F;
    private static final int FENCE_PAUSE = 0x0100000F;
    private static final int FENCE_I = 0x0000100F;
    private static final int FENCE_ALL = 0xFF;

    private Disassembler() {}

    /** As {@link #disassemble(long, int, LongFunction)}, with targets as hexadecimal addresses. */
    public static String disassemble(long pc, int raw) {
        return disassemble(pc, raw, address -> null);
    }

    /**
     * The text of the instruction at address {@code pc}.
     *
     * @param raw its four bytes, or in the low half its two, as {@link Decoder#lengthBytes} says
     * @param symbolizer gives the name to print for a branch or jump target, or null for the plain address
     */
    public static String disassemble(long pc, int raw, LongFunction<String> symbolizer) {
        return Decoder.lengthBytes(raw) == 2 ? compressed(pc, raw, symbolizer) : full(pc, raw, symbolizer);
    }

    private static String compressed(long pc, int raw, LongFunction<String> symbolizer) {
        CompressedInstruction row = CompressedTable.decode(raw);
        if (row == null) {
            return String.format(".2byte 0x%04x", raw & 0xFFFF);
        }
        Format format = row.base().format();
        return row.text(raw, immediate -> switch (format) {
            case BRANCH, JUMP -> target(pc, immediate, symbolizer);
            case UPPER -> upper(immediate);
            default -> Integer.toString(immediate);
        });
    }

    private static String full(long pc, int raw, LongFunction<String> symbolizer) {
        Instruction row = Decoder.decode(raw);
        if (row == null) {
            return data(raw);
        }
        String rd = RegisterNames.abiName(Format.rd(raw));
        String rs1 = RegisterNames.abiName(Format.rs1(raw));
        String rs2 = RegisterNames.abiName(Format.rs2(raw));
        int immediate = row.format().immediate(raw);
        String name = row.mnemonic();
        return switch (row.format()) {
            case R -> register(row, raw, rd, rs1, rs2);
            case I -> immediate(row, raw, rd, rs1, immediate);
            case SHIFT, SHIFT_WORD -> text(name, rd, rs1, Integer.toString(immediate));
            case LOAD -> text(name, rd, immediate + "(" + rs1 + ")");
            case STORE -> text(name, rs2, immediate + "(" + rs1 + ")");
            case JUMP_REGISTER -> jumpRegister(raw, rd, rs1, immediate);
            case BRANCH -> branch(row, raw, rs1, rs2, target(pc, immediate, symbolizer));
            case UPPER -> text(name, rd, upper(immediate));
            case JUMP -> jump(raw, rd, target(pc, immediate, symbolizer));
            case FENCE -> fence(raw);
            case NONE -> row.opcode() == Opcode.FENCE_I && raw != FENCE_I ? data(raw) : name;
            case CSR -> csr(row, raw, rd, rs1, immediate);
            case CSR_IMMEDIATE -> csrImmediate(row, raw, rd, immediate);
            case LOAD_RESERVED -> text(name + ordering(raw), rd, "(" + rs1 + ")");
            case ATOMIC -> text(name + ordering(raw), rd, rs2, "(" + rs1 + ")");
        };
    }

    private static String register(Instruction row, int raw, String rd, String rs1, String rs2) {
        boolean firstIsZero = Format.rs1(raw) == 0;
        boolean secondIsZero = Format.rs2(raw) == 0;
        switch (row.opcode()) {
            case Opcode.SUB:
                if (firstIsZero) {
                    return text("neg", rd, rs2);
                }
                break;
            case Opcode.SUBW:
                if (firstIsZero) {
                    return text("negw", rd, rs2);
                }
                break;
            case Opcode.SLTU:
                if (firstIsZero) {
                    return text("snez", rd, rs2);
                }
                break;
            case Opcode.SLT:
                if (secondIsZero) {
                    return text("sltz", rd, rs1);
                }
                if (firstIsZero) {
                    return text("sgtz", rd, rs2);
                }
                break;
            default:
                break;
        }
        return text(row.mnemonic(), rd, rs1, rs2);
    }

    private static String immediate(Instruction row, int raw, String rd, String rs1, int immediate) {
        switch (row.opcode()) {
            case Opcode.ADDI:
                if (Format.rs1(raw) == 0) {
                    return Format.rd(raw) == 0 && immediate == 0 ? "nop" : text("li", rd, Integer.toString(immediate));
                }
                if (immediate == 0) {
                    return text("mv", rd, rs1);
                }
                break;
            case Opcode.ADDIW:
                if (immediate == 0) {
                    return text("sext.w", rd, rs1);
                }
                break;
            case Opcode.XORI:
                if (immediate == -1) {
                    return text("not", rd, rs1);
                }
                break;
            case Opcode.ANDI:
                if (immediate == 0xFF) {
                    return text("zext.b", rd, rs1);
                }
                break;
            case Opcode.SLTIU:
                if (immediate == 1) {
                    return text("seqz", rd, rs1);
                }
                break;
            default:
                break;
        }
        return text(row.mnemonic(), rd, rs1, Integer.toString(immediate));
    }

    private static String jumpRegister(int raw, String rd, String rs1, int immediate) {
        String address = immediate == 0 ? rs1 : immediate + "(" + rs1 + ")";
        return switch (Format.rd(raw)) {
            case 0 -> Format.rs1(raw) == 1 && immediate == 0 ? "ret" : text("jr", address);
            case 1 -> text("jalr", address);
            default -> text("jalr", rd, address);
        };
    }

    private static String jump(int raw, String rd, String target) {
        return switch (Format.rd(raw)) {
            case 0 -> text("j", target);
            case 1 -> text("jal", target);
            default -> text("jal", rd, target);
        };
    }

    private static String branch(Instruction row, int raw, String rs1, String rs2, String target) {
        if (Format.rs2(raw) == 0) {
            switch (row.opcode()) {
                case Opcode.BEQ, Opcode.BNE, Opcode.BLT, Opcode.BGE:
                    return text(row.mnemonic() + "z", rs1, target);
                default:
                    break;
            }
        }
        if (Format.rs1(raw) == 0) {
            switch (row.opcode()) {
                case Opcode.BGE:
                    return text("blez", rs2, target);
                case Opcode.BLT:
                    return text("bgtz", rs2, target);
                default:
                    break;
            }
        }
        return text(row.mnemonic(), rs1, rs2, target);
    }

    private static String fence(int raw) {
        switch (raw) {
            case FENCE_TSO:
                return "fence.tso";
            case FENCE_PAUSE:
                return "pause";
            default:
                break;
        }
        int sets = raw >>> 20;
        boolean reserved = sets > FENCE_ALL || Format.rd(raw) != 0 || Format.rs1(raw) != 0;
        if (reserved || (sets & 15) == 0 || sets >>> 4 == 0) {
            return data(raw);
        }
        return sets == FENCE_ALL ? "fence" : text("fence", fenceSet(sets >>> 4), fenceSet(sets & 15));
    }

    private static String fenceSet(int set) {
        StringBuilder letters = new StringBuilder();
        for (int bit = 3; bit >= 0; bit--) {
            if ((set >>> bit & 1) != 0) {
                letters.append("wroi".charAt(bit));
            }
        }
        return letters.toString();
    }

    private static String csr(Instruction row, int raw, String rd, String rs1, int csr) {
        if (raw == UNIMP) {
            return "unimp";
        }
        boolean reads = Format.rd(raw) != 0;
        boolean writes = Format.rs1(raw) != 0;
        if (row.opcode() == Opcode.CSRRS && !writes) {
            return switch (csr) {
                case Csr.CYCLE -> text("rdcycle", rd);
                case Csr.TIME -> text("rdtime", rd);
                case Csr.INSTRET -> text("rdinstret", rd);
                default -> text("csrr", rd, csrName(csr));
            };
        }
        if (!reads) {
            return text(shortened(row.mnemonic()), csrName(csr), rs1);
        }
        return text(row.mnemonic(), rd, csrName(csr), rs1);
    }

    private static String csrImmediate(Instruction row, int raw, String rd, int csr) {
        String value = Integer.toString(Format.rs1(raw));
        return Format.rd(raw) == 0
                ? text(shortened(row.mnemonic()), csrName(csr), value)
                : text(row.mnemonic(), rd, csrName(csr), value);
    }

    /** {@code csrrw} as {@code csrw}: the alias that reads nothing. */
    private static String shortened(String mnemonic) {
        return "csr" + mnemonic.substring(4);
    }

    private static String csrName(int csr) {
        String name = Csr.name(csr);
        return name == null ? "0x" + Integer.toHexString(csr) : name;
    }

    private static String ordering(int raw) {
        return ((raw & AQ_BIT) != 0 || (raw & RL_BIT) != 0 ? "." : "")
                + ((raw & AQ_BIT) != 0 ? "aq" : "")
                + ((raw & RL_BIT) != 0 ? "rl" : "");
    }

    private static String upper(int immediate) {
        return "0x" + Integer.toHexString(immediate >>> 12);
    }

    private static String target(long pc, int offset, LongFunction<String> symbolizer) {
        String name = symbolizer.apply(pc + offset);
        return name == null ? "0x" + Long.toHexString(pc + offset) : name;
    }

    private static String data(int raw) {
        return String.format(".4byte 0x%08x", raw);
    }

    private static String text(String mnemonic, String... operands) {
        return mnemonic + " " + String.join(", ", operands);
    }
}
