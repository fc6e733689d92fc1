package dev.pagewalk.images.asm;

import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.emulator.isa.InstructionTable;
import java.util.Set;
import java.util.TreeMap;

/**
 * The names that stand for one or more instructions of the table.
 *
 * <p>Source: RISC-V Assembly Programmer's Manual, "A listing of standard RISC-V pseudoinstructions"; where an expansion
 * is a choice, it is the GNU assembler's.
 */
final class PseudoInstructions {
    private static final int ZERO = 0;
    private static final int RA = 1;
    private static final int T1 = 6;

    /** Encodings that the table reads as one of its rows with unusual operands. */
    private static final int FENCE_TSO = 0x833;

    private static final int FENCE_PAUSE = 0x010;

    /** Two bytes that no extension will ever make legal. */
    private static final int COMPRESSED_UNIMP = 0;

    private static final TreeMap<String, Expansion> EXPANSIONS = expansions();

    private final Instructions to;

    PseudoInstructions(Instructions to) {
        this.to = to;
    }

    /** Emits what the name stands for; the operands are read on the way. */
    private interface Expansion {
        void emit(Instructions to, Operands o);
    }

    static Set<String> names() {
        return EXPANSIONS.keySet();
    }

    /** Assembles {@code name} where it is a pseudo-instruction, and says whether it is. */
    boolean assemble(String name, Operands operands) {
        Expansion expansion = EXPANSIONS.get(name);
        if (expansion == null) {
            return false;
        }
        expansion.emit(to, operands);
        return true;
    }

    private static TreeMap<String, Expansion> expansions() {
        TreeMap<String, Expansion> t = new TreeMap<>();
        t.put("nop", (to, o) -> to.emit("addi", ZERO, ZERO, 0, 0, o));
        t.put("unimp", (to, o) -> {
            if (to.pass().options().compresses()) {
                to.pass().emitCompressed(COMPRESSED_UNIMP, o.mnemonicColumn());
            } else {
                to.emit("csrrw", ZERO, ZERO, 0, Csr.CYCLE, o);
            }
        });
        t.put("c.unimp", (to, o) -> to.pass().emitCompressed(COMPRESSED_UNIMP, o.mnemonicColumn()));
        t.put("fence.tso", (to, o) -> to.emit("fence", 0, 0, 0, FENCE_TSO, o));
        t.put("pause", (to, o) -> to.emit("fence", 0, 0, 0, FENCE_PAUSE, o));
        t.put("scall", (to, o) -> to.emit("ecall", 0, 0, 0, 0, o));
        t.put("sbreak", (to, o) -> to.emit("ebreak", 0, 0, 0, 0, o));
        unary(t);
        comparisons(t);
        branches(t);
        jumps(t);
        counters(t);
        t.put("li", PseudoInstructions::loadImmediate);
        t.put("la", PseudoInstructions::loadAddress);
        t.put("lla", PseudoInstructions::loadAddress);
        return t;
    }

    private static void unary(TreeMap<String, Expansion> t) {
        immediate(t, "mv", "addi", 0);
        immediate(t, "move", "addi", 0);
        immediate(t, "not", "xori", -1);
        immediate(t, "sext.w", "addiw", 0);
        immediate(t, "zext.b", "andi", 0xFF);
        immediate(t, "seqz", "sltiu", 1);
        t.put("neg", (to, o) -> to.emit("sub", o.register(), ZERO, o.nextRegister(), 0, o));
        t.put("negw", (to, o) -> to.emit("subw", o.register(), ZERO, o.nextRegister(), 0, o));
        shifts(t, "sext.b", "srai", 56);
        shifts(t, "sext.h", "srai", 48);
        shifts(t, "zext.h", "srli", 48);
        shifts(t, "zext.w", "srli", 32);
    }

    private static void immediate(TreeMap<String, Expansion> t, String name, String instruction, int immediate) {
        t.put(name, (to, o) -> to.emit(instruction, o.register(), o.nextRegister(), 0, immediate, o));
    }

    private static void shifts(TreeMap<String, Expansion> t, String name, String rightShift, int distance) {
        t.put(name, (to, o) -> {
            int rd = o.register();
            to.emit("slli", rd, o.nextRegister(), 0, distance, o);
            to.emit(rightShift, rd, rd, 0, distance, o);
        });
    }

    private static void comparisons(TreeMap<String, Expansion> t) {
        t.put("snez", (to, o) -> to.emit("sltu", o.register(), ZERO, o.nextRegister(), 0, o));
        t.put("sltz", (to, o) -> to.emit("slt", o.register(), o.nextRegister(), ZERO, 0, o));
        t.put("sgtz", (to, o) -> to.emit("slt", o.register(), ZERO, o.nextRegister(), 0, o));
        swapped(t, "sgt", "slt");
        swapped(t, "sgtu", "sltu");
    }

    private static void swapped(TreeMap<String, Expansion> t, String name, String instruction) {
        t.put(name, (to, o) -> {
            int rd = o.register();
            int greater = o.nextRegister();
            to.emit(instruction, rd, o.nextRegister(), greater, 0, o);
        });
    }

    private static void branches(TreeMap<String, Expansion> t) {
        branchIfZero(t, "beqz", "beq", false);
        branchIfZero(t, "bnez", "bne", false);
        branchIfZero(t, "bltz", "blt", false);
        branchIfZero(t, "bgez", "bge", false);
        branchIfZero(t, "blez", "bge", true);
        branchIfZero(t, "bgtz", "blt", true);
        branchSwapped(t, "bgt", "blt");
        branchSwapped(t, "ble", "bge");
        branchSwapped(t, "bgtu", "bltu");
        branchSwapped(t, "bleu", "bgeu");
    }

    private static void branchIfZero(TreeMap<String, Expansion> t, String name, String branch, boolean zeroFirst) {
        t.put(name, (to, o) -> {
            int register = o.register();
            o.comma();
            to.branch(InstructionTable.find(branch), zeroFirst ? ZERO : register, zeroFirst ? register : ZERO, o);
        });
    }

    private static void branchSwapped(TreeMap<String, Expansion> t, String name, String branch) {
        t.put(name, (to, o) -> {
            int first = o.register();
            int second = o.nextRegister();
            o.comma();
            to.branch(InstructionTable.find(branch), second, first, o);
        });
    }

    private static void jumps(TreeMap<String, Expansion> t) {
        t.put("j", (to, o) -> to.jump(ZERO, o));
        t.put("ret", (to, o) -> to.emit("jalr", ZERO, RA, 0, 0, o));
        t.put("jr", (to, o) -> {
            if (o.nextIsRegister()) {
                int target = o.register();
                to.emit("jalr", ZERO, target, 0, o.acceptComma() ? o.lowImmediate(false) : 0, o);
            } else {
                int immediate = o.nextIsBase() ? 0 : o.lowImmediate(false);
                to.emit("jalr", ZERO, o.base(), 0, immediate, o);
            }
        });
        t.put("call", (to, o) -> {
            if (o.nextIsRegister()) {
                int link = o.register();
                o.comma();
                farJump(to, o, link, T1);
            } else {
                farJump(to, o, RA, RA);
            }
        });
        t.put("tail", (to, o) -> farJump(to, o, ZERO, T1));
        t.put("jump", (to, o) -> {
            int column = o.column();
            Value target = o.expression();
            int helper = o.nextRegister();
            to.emitLow("jalr", ZERO, helper, to.relativeHigh(helper, target, column), o);
        });
    }

    private static void farJump(Instructions to, Operands o, int link, int helper) {
        int column = o.column();
        to.emitLow("jalr", link, helper, to.relativeHigh(helper, o.expression(), column), o);
    }

    private static void counters(TreeMap<String, Expansion> t) {
        t.put("rdcycle", (to, o) -> to.emit("csrrs", o.register(), ZERO, 0, Csr.CYCLE, o));
        t.put("rdtime", (to, o) -> to.emit("csrrs", o.register(), ZERO, 0, Csr.TIME, o));
        t.put("rdinstret", (to, o) -> to.emit("csrrs", o.register(), ZERO, 0, Csr.INSTRET, o));
        t.put("csrr", (to, o) -> {
            int rd = o.register();
            o.comma();
            to.emit("csrrs", rd, ZERO, 0, o.csr(), o);
        });
        for (String letter : new String[] {"w", "s", "c"}) {
            t.put("csr" + letter, (to, o) -> {
                int csr = o.csr();
                o.comma();
                to.csr("csrr" + letter, ZERO, csr, o);
            });
            t.put("csr" + letter + "i", (to, o) -> {
                int csr = o.csr();
                o.comma();
                to.emit("csrr" + letter + "i", ZERO, to.csrImmediate(o), 0, csr, o);
            });
        }
    }

    /** {@code li}: as few instructions as the GNU assembler needs; two where the number is defined further down. */
    private static void loadImmediate(Instructions to, Operands o) {
        int rd = o.register();
        o.comma();
        int column = o.column();
        Value value = o.expression();
        Long number = to.pass().numberInBothPasses(value);
        if (number == null) {
            Long later = to.pass().number(value);
            long known = later == null ? 0 : later;
            if (known != (int) known) {
                throw new StatementException(
                        column,
                        "0x" + Long.toHexString(known) + " does not fit in 32 bits, and what is defined further"
                                + " down must: define it before this line");
            }
            to.emit("lui", rd, 0, 0, Immediates.high(known), o);
            to.emit("addiw", rd, rd, 0, Immediates.low(known), o);
        } else if (number >= -2048 && number < 2048) {
            to.emit("addi", rd, ZERO, 0, number.intValue(), o);
        } else {
            loadConstant(to, rd, number, o);
        }
    }

    /** The GNU assembler's load_const: 32 bits by lui and addiw, more by recursion, slli and addi. */
    private static void loadConstant(Instructions to, int rd, long number, Operands o) {
        int low = Immediates.low(number);
        long upper = number - low;
        if (number == (int) number) {
            if (upper != 0) {
                to.emit("lui", rd, 0, 0, (int) upper, o);
            }
            if (low != 0 || upper == 0) {
                to.emit("addiw", rd, upper == 0 ? ZERO : rd, 0, low, o);
            }
            return;
        }
        int shift = Math.max(12, Long.numberOfTrailingZeros(upper));
        loadConstant(to, rd, upper >> shift, o);
        to.emit("slli", rd, rd, 0, shift, o);
        if (low != 0) {
            to.emit("addi", rd, rd, 0, low, o);
        }
    }

    private static void loadAddress(Instructions to, Operands o) {
        int rd = o.register();
        o.comma();
        int column = o.column();
        Value address = o.expression();
        Long number = to.pass().numberInBothPasses(address);
        if (number != null && number == number.intValue()) {
            loadConstant(to, rd, number, o);
        } else {
            to.emitLow("addi", rd, rd, to.relativeHigh(rd, address, column), o);
        }
    }
}
