package dev.pagewalk.emulator.isa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The toy ISA, declared once: RV64IMA with Zicsr and Zifencei, every row encoded exactly as RISC-V encodes it. The
 * decoder, the disassembler, the assembler and the engines all read this table; {@link CompressedTable} has shorter
 * encodings of some of its rows.
 *
 * <p>Source: RISC-V Unprivileged ISA, "RV32/64G Instruction Set Listings".
 */
public final class InstructionTable {
    private static final List<Instruction> ROWS = rows();
    private static final Map<String, Instruction> BY_MNEMONIC = byMnemonic();

    private InstructionTable() {}

    /** Every instruction, in the order of {@link Opcode}: the row at index i has opcode i + 1. */
    public static List<Instruction> all() {
        return ROWS;
    }

    /** The row of an {@link Opcode} constant, 1..{@link Opcode#COUNT}-1. */
    public static Instruction get(int opcode) {
        return ROWS.get(opcode - 1);
    }

    /** The row of a mnemonic in lower case, without aq and rl suffixes; null where there is none. */
    public static Instruction find(String mnemonic) {
        return BY_MNEMONIC.get(mnemonic);
    }

    private static List<Instruction> rows() {
        Rows t = new Rows();
        // RV64I, "RV32I/RV64I Base Integer Instruction Set"
        t.add(Opcode.LUI, "lui", Format.UPPER, InstructionClass.ALU, 0x00000037, 0x0000007F);
        t.add(Opcode.AUIPC, "auipc", Format.UPPER, InstructionClass.ALU, 0x00000017, 0x0000007F);
        t.add(Opcode.JAL, "jal", Format.JUMP, InstructionClass.JUMP, 0x0000006F, 0x0000007F);
        t.add(Opcode.JALR, "jalr", Format.JUMP_REGISTER, InstructionClass.JUMP, 0x00000067, 0x0000707F);
        t.add(Opcode.BEQ, "beq", Format.BRANCH, InstructionClass.BRANCH, 0x00000063, 0x0000707F);
        t.add(Opcode.BNE, "bne", Format.BRANCH, InstructionClass.BRANCH, 0x00001063, 0x0000707F);
        t.add(Opcode.BLT, "blt", Format.BRANCH, InstructionClass.BRANCH, 0x00004063, 0x0000707F);
        t.add(Opcode.BGE, "bge", Format.BRANCH, InstructionClass.BRANCH, 0x00005063, 0x0000707F);
        t.add(Opcode.BLTU, "bltu", Format.BRANCH, InstructionClass.BRANCH, 0x00006063, 0x0000707F);
        t.add(Opcode.BGEU, "bgeu", Format.BRANCH, InstructionClass.BRANCH, 0x00007063, 0x0000707F);
        t.add(Opcode.LB, "lb", Format.LOAD, InstructionClass.LOAD, 0x00000003, 0x0000707F);
        t.add(Opcode.LH, "lh", Format.LOAD, InstructionClass.LOAD, 0x00001003, 0x0000707F);
        t.add(Opcode.LW, "lw", Format.LOAD, InstructionClass.LOAD, 0x00002003, 0x0000707F);
        t.add(Opcode.LD, "ld", Format.LOAD, InstructionClass.LOAD, 0x00003003, 0x0000707F);
        t.add(Opcode.LBU, "lbu", Format.LOAD, InstructionClass.LOAD, 0x00004003, 0x0000707F);
        t.add(Opcode.LHU, "lhu", Format.LOAD, InstructionClass.LOAD, 0x00005003, 0x0000707F);
        t.add(Opcode.LWU, "lwu", Format.LOAD, InstructionClass.LOAD, 0x00006003, 0x0000707F);
        t.add(Opcode.SB, "sb", Format.STORE, InstructionClass.STORE, 0x00000023, 0x0000707F);
        t.add(Opcode.SH, "sh", Format.STORE, InstructionClass.STORE, 0x00001023, 0x0000707F);
        t.add(Opcode.SW, "sw", Format.STORE, InstructionClass.STORE, 0x00002023, 0x0000707F);
        t.add(Opcode.SD, "sd", Format.STORE, InstructionClass.STORE, 0x00003023, 0x0000707F);
        t.add(Opcode.ADDI, "addi", Format.I, InstructionClass.ALU, 0x00000013, 0x0000707F);
        t.add(Opcode.SLTI, "slti", Format.I, InstructionClass.ALU, 0x00002013, 0x0000707F);
        t.add(Opcode.SLTIU, "sltiu", Format.I, InstructionClass.ALU, 0x00003013, 0x0000707F);
        t.add(Opcode.XORI, "xori", Format.I, InstructionClass.ALU, 0x00004013, 0x0000707F);
        t.add(Opcode.ORI, "ori", Format.I, InstructionClass.ALU, 0x00006013, 0x0000707F);
        t.add(Opcode.ANDI, "andi", Format.I, InstructionClass.ALU, 0x00007013, 0x0000707F);
        t.add(Opcode.SLLI, "slli", Format.SHIFT, InstructionClass.ALU, 0x00001013, 0xFC00707F);
        t.add(Opcode.SRLI, "srli", Format.SHIFT, InstructionClass.ALU, 0x00005013, 0xFC00707F);
        t.add(Opcode.SRAI, "srai", Format.SHIFT, InstructionClass.ALU, 0x40005013, 0xFC00707F);
        t.add(Opcode.ADD, "add", Format.R, InstructionClass.ALU, 0x00000033, 0xFE00707F);
        t.add(Opcode.SUB, "sub", Format.R, InstructionClass.ALU, 0x40000033, 0xFE00707F);
        t.add(Opcode.SLL, "sll", Format.R, InstructionClass.ALU, 0x00001033, 0xFE00707F);
        t.add(Opcode.SLT, "slt", Format.R, InstructionClass.ALU, 0x00002033, 0xFE00707F);
        t.add(Opcode.SLTU, "sltu", Format.R, InstructionClass.ALU, 0x00003033, 0xFE00707F);
        t.add(Opcode.XOR, "xor", Format.R, InstructionClass.ALU, 0x00004033, 0xFE00707F);
        t.add(Opcode.SRL, "srl", Format.R, InstructionClass.ALU, 0x00005033, 0xFE00707F);
        t.add(Opcode.SRA, "sra", Format.R, InstructionClass.ALU, 0x40005033, 0xFE00707F);
        t.add(Opcode.OR, "or", Format.R, InstructionClass.ALU, 0x00006033, 0xFE00707F);
        t.add(Opcode.AND, "and", Format.R, InstructionClass.ALU, 0x00007033, 0xFE00707F);
        t.add(Opcode.ADDIW, "addiw", Format.I, InstructionClass.ALU, 0x0000001B, 0x0000707F);
        t.add(Opcode.SLLIW, "slliw", Format.SHIFT_WORD, InstructionClass.ALU, 0x0000101B, 0xFE00707F);
        t.add(Opcode.SRLIW, "srliw", Format.SHIFT_WORD, InstructionClass.ALU, 0x0000501B, 0xFE00707F);
        t.add(Opcode.SRAIW, "sraiw", Format.SHIFT_WORD, InstructionClass.ALU, 0x4000501B, 0xFE00707F);
        t.add(Opcode.ADDW, "addw", Format.R, InstructionClass.ALU, 0x0000003B, 0xFE00707F);
        t.add(Opcode.SUBW, "subw", Format.R, InstructionClass.ALU, 0x4000003B, 0xFE00707F);
        t.add(Opcode.SLLW, "sllw", Format.R, InstructionClass.ALU, 0x0000103B, 0xFE00707F);
        t.add(Opcode.SRLW, "srlw", Format.R, InstructionClass.ALU, 0x0000503B, 0xFE00707F);
        t.add(Opcode.SRAW, "sraw", Format.R, InstructionClass.ALU, 0x4000503B, 0xFE00707F);
        t.add(Opcode.FENCE, "fence", Format.FENCE, InstructionClass.FENCE, 0x0000000F, 0x0000707F);
        t.add(Opcode.ECALL, "ecall", Format.NONE, InstructionClass.SYSTEM, 0x00000073, 0xFFFFFFFF);
        t.add(Opcode.EBREAK, "ebreak", Format.NONE, InstructionClass.SYSTEM, 0x00100073, 0xFFFFFFFF);

        // Zifencei
        t.add(Opcode.FENCE_I, "fence.i", Format.NONE, InstructionClass.FENCE, 0x0000100F, 0x0000707F);

        // Zicsr
        t.add(Opcode.CSRRW, "csrrw", Format.CSR, InstructionClass.CSR, 0x00001073, 0x0000707F);
        t.add(Opcode.CSRRS, "csrrs", Format.CSR, InstructionClass.CSR, 0x00002073, 0x0000707F);
        t.add(Opcode.CSRRC, "csrrc", Format.CSR, InstructionClass.CSR, 0x00003073, 0x0000707F);
        t.add(Opcode.CSRRWI, "csrrwi", Format.CSR_IMMEDIATE, InstructionClass.CSR, 0x00005073, 0x0000707F);
        t.add(Opcode.CSRRSI, "csrrsi", Format.CSR_IMMEDIATE, InstructionClass.CSR, 0x00006073, 0x0000707F);
        t.add(Opcode.CSRRCI, "csrrci", Format.CSR_IMMEDIATE, InstructionClass.CSR, 0x00007073, 0x0000707F);

        // M, "Integer Multiplication and Division"
        t.add(Opcode.MUL, "mul", Format.R, InstructionClass.MULTIPLY, 0x02000033, 0xFE00707F);
        t.add(Opcode.MULH, "mulh", Format.R, InstructionClass.MULTIPLY, 0x02001033, 0xFE00707F);
        t.add(Opcode.MULHSU, "mulhsu", Format.R, InstructionClass.MULTIPLY, 0x02002033, 0xFE00707F);
        t.add(Opcode.MULHU, "mulhu", Format.R, InstructionClass.MULTIPLY, 0x02003033, 0xFE00707F);
        t.add(Opcode.DIV, "div", Format.R, InstructionClass.DIVIDE, 0x02004033, 0xFE00707F);
        t.add(Opcode.DIVU, "divu", Format.R, InstructionClass.DIVIDE, 0x02005033, 0xFE00707F);
        t.add(Opcode.REM, "rem", Format.R, InstructionClass.DIVIDE, 0x02006033, 0xFE00707F);
        t.add(Opcode.REMU, "remu", Format.R, InstructionClass.DIVIDE, 0x02007033, 0xFE00707F);
        t.add(Opcode.MULW, "mulw", Format.R, InstructionClass.MULTIPLY, 0x0200003B, 0xFE00707F);
        t.add(Opcode.DIVW, "divw", Format.R, InstructionClass.DIVIDE, 0x0200403B, 0xFE00707F);
        t.add(Opcode.DIVUW, "divuw", Format.R, InstructionClass.DIVIDE, 0x0200503B, 0xFE00707F);
        t.add(Opcode.REMW, "remw", Format.R, InstructionClass.DIVIDE, 0x0200603B, 0xFE00707F);
        t.add(Opcode.REMUW, "remuw", Format.R, InstructionClass.DIVIDE, 0x0200703B, 0xFE00707F);

        // A, "Atomic Instructions" (Zalrsc, Zaamo)
        t.add(Opcode.LR_W, "lr.w", Format.LOAD_RESERVED, InstructionClass.ATOMIC, 0x1000202F, 0xF9F0707F);
        t.add(Opcode.SC_W, "sc.w", Format.ATOMIC, InstructionClass.ATOMIC, 0x1800202F, 0xF800707F);
        t.add(Opcode.AMOSWAP_W, "amoswap.w", Format.ATOMIC, InstructionClass.ATOMIC, 0x0800202F, 0xF800707F);
        t.add(Opcode.AMOADD_W, "amoadd.w", Format.ATOMIC, InstructionClass.ATOMIC, 0x0000202F, 0xF800707F);
        t.add(Opcode.AMOXOR_W, "amoxor.w", Format.ATOMIC, InstructionClass.ATOMIC, 0x2000202F, 0xF800707F);
        t.add(Opcode.AMOAND_W, "amoand.w", Format.ATOMIC, InstructionClass.ATOMIC, 0x6000202F, 0xF800707F);
        t.add(Opcode.AMOOR_W, "amoor.w", Format.ATOMIC, InstructionClass.ATOMIC, 0x4000202F, 0xF800707F);
        t.add(Opcode.AMOMIN_W, "amomin.w", Format.ATOMIC, InstructionClass.ATOMIC, 0x8000202F, 0xF800707F);
        t.add(Opcode.AMOMAX_W, "amomax.w", Format.ATOMIC, InstructionClass.ATOMIC, 0xA000202F, 0xF800707F);
        t.add(Opcode.AMOMINU_W, "amominu.w", Format.ATOMIC, InstructionClass.ATOMIC, 0xC000202F, 0xF800707F);
        t.add(Opcode.AMOMAXU_W, "amomaxu.w", Format.ATOMIC, InstructionClass.ATOMIC, 0xE000202F, 0xF800707F);
        t.add(Opcode.LR_D, "lr.d", Format.LOAD_RESERVED, InstructionClass.ATOMIC, 0x1000302F, 0xF9F0707F);
        t.add(Opcode.SC_D, "sc.d", Format.ATOMIC, InstructionClass.ATOMIC, 0x1800302F, 0xF800707F);
        t.add(Opcode.AMOSWAP_D, "amoswap.d", Format.ATOMIC, InstructionClass.ATOMIC, 0x0800302F, 0xF800707F);
        t.add(Opcode.AMOADD_D, "amoadd.d", Format.ATOMIC, InstructionClass.ATOMIC, 0x0000302F, 0xF800707F);
        t.add(Opcode.AMOXOR_D, "amoxor.d", Format.ATOMIC, InstructionClass.ATOMIC, 0x2000302F, 0xF800707F);
        t.add(Opcode.AMOAND_D, "amoand.d", Format.ATOMIC, InstructionClass.ATOMIC, 0x6000302F, 0xF800707F);
        t.add(Opcode.AMOOR_D, "amoor.d", Format.ATOMIC, InstructionClass.ATOMIC, 0x4000302F, 0xF800707F);
        t.add(Opcode.AMOMIN_D, "amomin.d", Format.ATOMIC, InstructionClass.ATOMIC, 0x8000302F, 0xF800707F);
        t.add(Opcode.AMOMAX_D, "amomax.d", Format.ATOMIC, InstructionClass.ATOMIC, 0xA000302F, 0xF800707F);
        t.add(Opcode.AMOMINU_D, "amominu.d", Format.ATOMIC, InstructionClass.ATOMIC, 0xC000302F, 0xF800707F);
        t.add(Opcode.AMOMAXU_D, "amomaxu.d", Format.ATOMIC, InstructionClass.ATOMIC, 0xE000302F, 0xF800707F);
        return Collections.unmodifiableList(t.list);
    }

    private static Map<String, Instruction> byMnemonic() {
        Map<String, Instruction> map = new HashMap<>();
        ROWS.forEach(row -> map.put(row.mnemonic(), row));
        return map;
    }

    private static final class Rows {
        private final List<Instruction> list = new ArrayList<>();

        void add(int opcode, String mnemonic, Format format, InstructionClass kind, int match, int mask) {
            if (opcode != list.size() + 1) {
                throw new IllegalStateException(mnemonic + " is out of the order of Opcode");
            }
            list.add(new Instruction(opcode, mnemonic, format, kind, match, mask));
        }
    }
}
