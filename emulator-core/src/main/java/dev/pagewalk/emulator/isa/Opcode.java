package dev.pagewalk.emulator.isa;

/**
 * The instructions' dense numbers. They are compile-time constants because engines switch on them, which the JVM turns
 * into one indexed jump; {@link InstructionTable} says what each one is.
 */
public final class Opcode {
    /** No instruction: a slot of code that has not been decoded, or whose bits are illegal. */
    public static final int NONE = 0;

    public static final int LUI = 1;
    public static final int AUIPC = 2;
    public static final int JAL = 3;
    public static final int JALR = 4;
    public static final int BEQ = 5;
    public static final int BNE = 6;
    public static final int BLT = 7;
    public static final int BGE = 8;
    public static final int BLTU = 9;
    public static final int BGEU = 10;
    public static final int LB = 11;
    public static final int LH = 12;
    public static final int LW = 13;
    public static final int LD = 14;
    public static final int LBU = 15;
    public static final int LHU = 16;
    public static final int LWU = 17;
    public static final int SB = 18;
    public static final int SH = 19;
    public static final int SW = 20;
    public static final int SD = 21;
    public static final int ADDI = 22;
    public static final int SLTI = 23;
    public static final int SLTIU = 24;
    public static final int XORI = 25;
    public static final int ORI = 26;
    public static final int ANDI = 27;
    public static final int SLLI = 28;
    public static final int SRLI = 29;
    public static final int SRAI = 30;
    public static final int ADD = 31;
    public static final int SUB = 32;
    public static final int SLL = 33;
    public static final int SLT = 34;
    public static final int SLTU = 35;
    public static final int XOR = 36;
    public static final int SRL = 37;
    public static final int SRA = 38;
    public static final int OR = 39;
    public static final int AND = 40;
    public static final int ADDIW = 41;
    public static final int SLLIW = 42;
    public static final int SRLIW = 43;
    public static final int SRAIW = 44;
    public static final int ADDW = 45;
    public static final int SUBW = 46;
    public static final int SLLW = 47;
    public static final int SRLW = 48;
    public static final int SRAW = 49;
    public static final int FENCE = 50;
    public static final int ECALL = 51;
    public static final int EBREAK = 52;

    public static final int FENCE_I = 53;

    public static final int CSRRW = 54;
    public static final int CSRRS = 55;
    public static final int CSRRC = 56;
    public static final int CSRRWI = 57;
    public static final int CSRRSI = 58;
    public static final int CSRRCI = 59;

    public static final int MUL = 60;
    public static final int MULH = 61;
    public static final int MULHSU = 62;
    public static final int MULHU = 63;
    public static final int DIV = 64;
    public static final int DIVU = 65;
    public static final int REM = 66;
    public static final int REMU = 67;
    public static final int MULW = 68;
    public static final int DIVW = 69;
    public static final int DIVUW = 70;
    public static final int REMW = 71;
    public static final int REMUW = 72;

    public static final int LR_W = 73;
    public static final int SC_W = 74;
    public static final int AMOSWAP_W = 75;
    public static final int AMOADD_W = 76;
    public static final int AMOXOR_W = 77;
    public static final int AMOAND_W = 78;
    public static final int AMOOR_W = 79;
    public static final int AMOMIN_W = 80;
    public static final int AMOMAX_W = 81;
    public static final int AMOMINU_W = 82;
    public static final int AMOMAXU_W = 83;
    public static final int LR_D = 84;
    public static final int SC_D = 85;
    public static final int AMOSWAP_D = 86;
    public static final int AMOADD_D = 87;
    public static final int AMOXOR_D = 88;
    public static final int AMOAND_D = 89;
    public static final int AMOOR_D = 90;
    public static final int AMOMIN_D = 91;
    public static final int AMOMAX_D = 92;
    public static final int AMOMINU_D = 93;
    public static final int AMOMAXU_D = 94;

    /** One more than the greatest number. */
    public static final int COUNT = 95;

    private Opcode() {}

    /** Whether it is a conditional branch. */
    public static boolean isBranch(int opcode) {
        return opcode >= BEQ && opcode <= BGEU;
    }

    /** Whether it is a store, not an atomic. */
    public static boolean isStore(int opcode) {
        return opcode >= SB && opcode <= SD;
    }

    /** Whether it is a load, a store or an atomic. */
    public static boolean accessesMemory(int opcode) {
        return opcode >= LB && opcode <= SD || isAtomic(opcode);
    }

    /** Whether it is one of the A extension's, which stand in a row: those of words, then those of doublewords. */
    public static boolean isAtomic(int opcode) {
        return opcode >= LR_W && opcode <= AMOMAXU_D;
    }

    /** How many bytes an atomic accesses: 4 or 8. */
    public static int atomicSizeBytes(int opcode) {
        return opcode < LR_D ? Integer.BYTES : Long.BYTES;
    }
}
