package dev.pagewalk.images.conformance;

import static dev.pagewalk.images.conformance.AtomicCases.loadReserved;
import static dev.pagewalk.images.conformance.AtomicCases.operation;
import static dev.pagewalk.images.conformance.AtomicCases.storeConditional;
import static dev.pagewalk.images.conformance.JumpCases.branch;
import static dev.pagewalk.images.conformance.JumpCases.jump;
import static dev.pagewalk.images.conformance.JumpCases.jumpRegister;
import static dev.pagewalk.images.conformance.MemoryCases.load;
import static dev.pagewalk.images.conformance.MemoryCases.store;
import static dev.pagewalk.images.conformance.RegisterCases.immediate;
import static dev.pagewalk.images.conformance.RegisterCases.immediateShift;
import static dev.pagewalk.images.conformance.RegisterCases.register;
import static dev.pagewalk.images.conformance.RegisterCases.shift;
import static dev.pagewalk.images.conformance.RegisterCases.upper;
import static dev.pagewalk.images.conformance.RegisterCases.upperToPc;
import static dev.pagewalk.images.conformance.SystemCases.breakpoint;
import static dev.pagewalk.images.conformance.SystemCases.counter;
import static dev.pagewalk.images.conformance.SystemCases.environmentCall;
import static dev.pagewalk.images.conformance.SystemCases.fence;
import static dev.pagewalk.images.conformance.SystemCases.fenceInstructions;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every instruction means, written from the manual: one row an instruction, in the order of its listings; those of sixteen
 * bits in {@link CompressedSpecification}.
 *
 * <p>In a meaning {@code a} is the value of rs1 (of memory, in an atomic operation), {@code b} that of rs2 or the immediate.
 * The result has no bounds; the destination keeps its lowest {@code WORD} or {@code DOUBLE} bits, sign-extended.
 *
 * <p>Source: RISC-V Unprivileged ISA, the chapters named below.
 */
final class Specification {
    private static final int BYTE = 8;
    private static final int HALF = 16;
    private static final int WORD = 32;
    private static final int DOUBLE = 64;
    private static final boolean SIGNED = true;
    private static final boolean UNSIGNED = false;

    /** What dividing by zero gives; that the most negative number overflows when divided by -1 needs no word. */
    private static final BigInteger ALL_ONES = BigInteger.ONE.negate();

    private final Map<String, CaseSource> rows = new LinkedHashMap<>();

    private Specification() {}

    /** The rows by mnemonic, in the manual's order. */
    static Map<String, CaseSource> rows() {
        Specification table = new Specification();
        table.baseInteger();
        table.instructionFetchFence();
        table.controlAndStatus();
        table.multiplication();
        table.atomics();
        CompressedSpecification.addTo(table);
        return Collections.unmodifiableMap(table.rows);
    }

    /** "RV32I Base Integer Instruction Set", "RV64I Base Integer Instruction Set". */
    private void baseInteger() {
        row("lui", upper());
        row("auipc", upperToPc());
        row("jal", jump());
        row("jalr", jumpRegister());

        row("beq", branch((a, b) -> a.signed().equals(b.signed())));
        row("bne", branch((a, b) -> !a.signed().equals(b.signed())));
        row("blt", branch((a, b) -> a.signed().compareTo(b.signed()) < 0));
        row("bge", branch((a, b) -> a.signed().compareTo(b.signed()) >= 0));
        row("bltu", branch((a, b) -> a.unsigned().compareTo(b.unsigned()) < 0));
        row("bgeu", branch((a, b) -> a.unsigned().compareTo(b.unsigned()) >= 0));

        row("lb", load(BYTE, SIGNED));
        row("lh", load(HALF, SIGNED));
        row("lw", load(WORD, SIGNED));
        row("ld", load(DOUBLE, SIGNED));
        row("lbu", load(BYTE, UNSIGNED));
        row("lhu", load(HALF, UNSIGNED));
        row("lwu", load(WORD, UNSIGNED));
        row("sb", store(BYTE));
        row("sh", store(HALF));
        row("sw", store(WORD));
        row("sd", store(DOUBLE));

        row("addi", immediate(DOUBLE, (a, b) -> a.signed().add(b.signed())));
        row("slti", immediate(DOUBLE, (a, b) -> truth(a.signed().compareTo(b.signed()) < 0)));
        row("sltiu", immediate(DOUBLE, (a, b) -> truth(a.unsigned().compareTo(b.unsigned()) < 0)));
        row("xori", immediate(DOUBLE, (a, b) -> a.signed().xor(b.signed())));
        row("ori", immediate(DOUBLE, (a, b) -> a.signed().or(b.signed())));
        row("andi", immediate(DOUBLE, (a, b) -> a.signed().and(b.signed())));
        row("slli", immediateShift(DOUBLE, (a, b) -> a.signed().shiftLeft(b.shiftAmount())));
        row("srli", immediateShift(DOUBLE, (a, b) -> a.unsigned().shiftRight(b.shiftAmount())));
        row("srai", immediateShift(DOUBLE, (a, b) -> a.signed().shiftRight(b.shiftAmount())));

        row("add", register(DOUBLE, (a, b) -> a.signed().add(b.signed())));
        row("sub", register(DOUBLE, (a, b) -> a.signed().subtract(b.signed())));
        row("sll", shift(DOUBLE, (a, b) -> a.signed().shiftLeft(b.shiftAmount())));
        row("slt", register(DOUBLE, (a, b) -> truth(a.signed().compareTo(b.signed()) < 0)));
        row("sltu", register(DOUBLE, (a, b) -> truth(a.unsigned().compareTo(b.unsigned()) < 0)));
        row("xor", register(DOUBLE, (a, b) -> a.signed().xor(b.signed())));
        row("srl", shift(DOUBLE, (a, b) -> a.unsigned().shiftRight(b.shiftAmount())));
        row("sra", shift(DOUBLE, (a, b) -> a.signed().shiftRight(b.shiftAmount())));
        row("or", register(DOUBLE, (a, b) -> a.signed().or(b.signed())));
        row("and", register(DOUBLE, (a, b) -> a.signed().and(b.signed())));

        row("addiw", immediate(WORD, (a, b) -> a.signed().add(b.signed())));
        row("slliw", immediateShift(WORD, (a, b) -> a.signed().shiftLeft(b.shiftAmount())));
        row("srliw", immediateShift(WORD, (a, b) -> a.unsigned().shiftRight(b.shiftAmount())));
        row("sraiw", immediateShift(WORD, (a, b) -> a.signed().shiftRight(b.shiftAmount())));
        row("addw", register(WORD, (a, b) -> a.signed().add(b.signed())));
        row("subw", register(WORD, (a, b) -> a.signed().subtract(b.signed())));
        row("sllw", shift(WORD, (a, b) -> a.signed().shiftLeft(b.shiftAmount())));
        row("srlw", shift(WORD, (a, b) -> a.unsigned().shiftRight(b.shiftAmount())));
        row("sraw", shift(WORD, (a, b) -> a.signed().shiftRight(b.shiftAmount())));

        row("fence", fence());
        row("ecall", environmentCall());
        row("ebreak", breakpoint());
    }

    /** "Zifencei Extension for Instruction-Fetch Fence". */
    private void instructionFetchFence() {
        row("fence.i", fenceInstructions());
    }

    /** "Zicsr, Extension for Control and Status Register (CSR) Instructions", "Zicntr": the counters are read-only. */
    private void controlAndStatus() {
        boolean always = true;
        boolean unlessZero = false;
        boolean fromRegister = false;
        boolean fromInstruction = true;
        row("csrrw", counter(always, fromRegister));
        row("csrrs", counter(unlessZero, fromRegister));
        row("csrrc", counter(unlessZero, fromRegister));
        row("csrrwi", counter(always, fromInstruction));
        row("csrrsi", counter(unlessZero, fromInstruction));
        row("csrrci", counter(unlessZero, fromInstruction));
    }

    /** "M" Extension for Integer Multiplication and Division. */
    private void multiplication() {
        row("mul", register(DOUBLE, (a, b) -> a.signed().multiply(b.signed())));
        row("mulh", register(DOUBLE, (a, b) -> a.signed().multiply(b.signed()).shiftRight(DOUBLE)));
        row(
                "mulhsu",
                register(DOUBLE, (a, b) -> a.signed().multiply(b.unsigned()).shiftRight(DOUBLE)));
        row(
                "mulhu",
                register(DOUBLE, (a, b) -> a.unsigned().multiply(b.unsigned()).shiftRight(DOUBLE)));
        row("div", register(DOUBLE, (a, b) -> b.isZero() ? ALL_ONES : a.signed().divide(b.signed())));
        row(
                "divu",
                register(DOUBLE, (a, b) -> b.isZero() ? ALL_ONES : a.unsigned().divide(b.unsigned())));
        row(
                "rem",
                register(DOUBLE, (a, b) -> b.isZero() ? a.signed() : a.signed().remainder(b.signed())));
        row(
                "remu",
                register(
                        DOUBLE, (a, b) -> b.isZero() ? a.signed() : a.unsigned().remainder(b.unsigned())));

        row("mulw", register(WORD, (a, b) -> a.signed().multiply(b.signed())));
        row("divw", register(WORD, (a, b) -> b.isZero() ? ALL_ONES : a.signed().divide(b.signed())));
        row(
                "divuw",
                register(WORD, (a, b) -> b.isZero() ? ALL_ONES : a.unsigned().divide(b.unsigned())));
        row(
                "remw",
                register(WORD, (a, b) -> b.isZero() ? a.signed() : a.signed().remainder(b.signed())));
        row(
                "remuw",
                register(WORD, (a, b) -> b.isZero() ? a.signed() : a.unsigned().remainder(b.unsigned())));
    }

    /** "A" Extension for Atomic Instructions. */
    private void atomics() {
        row("lr.w", loadReserved(WORD));
        row("sc.w", storeConditional(WORD));
        row("amoswap.w", operation(WORD, (a, b) -> b.signed()));
        row("amoadd.w", operation(WORD, (a, b) -> a.signed().add(b.signed())));
        row("amoxor.w", operation(WORD, (a, b) -> a.signed().xor(b.signed())));
        row("amoand.w", operation(WORD, (a, b) -> a.signed().and(b.signed())));
        row("amoor.w", operation(WORD, (a, b) -> a.signed().or(b.signed())));
        row("amomin.w", operation(WORD, (a, b) -> a.signed().min(b.signed())));
        row("amomax.w", operation(WORD, (a, b) -> a.signed().max(b.signed())));
        row("amominu.w", operation(WORD, (a, b) -> a.unsigned().min(b.unsigned())));
        row("amomaxu.w", operation(WORD, (a, b) -> a.unsigned().max(b.unsigned())));

        row("lr.d", loadReserved(DOUBLE));
        row("sc.d", storeConditional(DOUBLE));
        row("amoswap.d", operation(DOUBLE, (a, b) -> b.signed()));
        row("amoadd.d", operation(DOUBLE, (a, b) -> a.signed().add(b.signed())));
        row("amoxor.d", operation(DOUBLE, (a, b) -> a.signed().xor(b.signed())));
        row("amoand.d", operation(DOUBLE, (a, b) -> a.signed().and(b.signed())));
        row("amoor.d", operation(DOUBLE, (a, b) -> a.signed().or(b.signed())));
        row("amomin.d", operation(DOUBLE, (a, b) -> a.signed().min(b.signed())));
        row("amomax.d", operation(DOUBLE, (a, b) -> a.signed().max(b.signed())));
        row("amominu.d", operation(DOUBLE, (a, b) -> a.unsigned().min(b.unsigned())));
        row("amomaxu.d", operation(DOUBLE, (a, b) -> a.unsigned().max(b.unsigned())));
    }

    private static BigInteger truth(boolean holds) {
        return holds ? BigInteger.ONE : BigInteger.ZERO;
    }

    void row(String mnemonic, CaseSource cases) {
        if (rows.put(mnemonic, cases) != null) {
            throw new IllegalStateException(mnemonic + " has two rows");
        }
    }
}
