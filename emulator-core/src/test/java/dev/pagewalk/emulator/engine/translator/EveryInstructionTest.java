package dev.pagewalk.emulator.engine.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.testing.TestProfiles;
import dev.pagewalk.emulator.trap.KernelStep;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every instruction of the table does, translated, what it does interpreted. */
class EveryInstructionTest {
    private static final int ROUNDS = 600;
    private static final int EXIT = 93;
    private static final List<Integer> ALWAYS_TRAP = List.of(Opcode.ECALL, Opcode.EBREAK, Opcode.CSRRW, Opcode.CSRRWI);

    /** Operands of corners and noise are read from here. */
    private static final int OPERANDS = 64;

    static Stream<String> mnemonics() {
        return InstructionTable.all().stream().map(Instruction::mnemonic);
    }

    @ParameterizedTest
    @MethodSource("mnemonics")
    void isTranslatedAndDoesTheSame(String mnemonic) {
        Instruction row = InstructionTable.find(mnemonic);
        EnginePair pair = new EnginePair(TestProfiles.distinctCosts());
        pair.each(EveryInstructionTest::fillOperands);
        pair.each(guest -> guest.kernel.onTrap = (hart, cause, value) -> {
            if (hart.x[17] == EXIT) {
                return KernelStep.IDLE;
            }
            hart.pc += 4;
            return KernelStep.RESUME;
        });
        pair.start(loop(row)).run();
        long retired = pair.hart().retired;
        int share = ALWAYS_TRAP.contains(row.opcode()) ? 3 : 8;
        assertThat(retired).isGreaterThan(ROUNDS * 8);
        assertThat(pair.report().translatedInstructions())
                .as("translated of %d", retired)
                .isGreaterThan(retired * share / 10);
        assertThat(pair.hart().x[5]).isZero();
    }

    private static void fillOperands(GuestMachine guest) {
        Random random = new Random(5);
        for (int n = 0; n < OPERANDS + 1; n++) {
            guest.writeLong(GuestMachine.DATA + 8 * n, Oracle.operand(random));
        }
    }

    /** x10 and x11 are operands, x6 an address; what x12 gets goes into x13. */
    private static Code loop(Instruction row) {
        Code code = new Code()
                .li(5, ROUNDS)
                .li(8, GuestMachine.DATA)
                .label("head")
                .i("andi", 6, 5, OPERANDS - 1)
                .i("slli", 6, 6, 3)
                .r("add", 6, 6, 8)
                .i("ld", 10, 6, 0)
                .i("ld", 11, 6, 8);
        body(code, row);
        return code.i("slli", 14, 13, 5)
                .r("sub", 13, 14, 13)
                .r("add", 13, 13, 12)
                .i("addi", 5, 5, -1)
                .branch("bne", 5, 0, "head")
                .li(17, EXIT)
                .ecall();
    }

    private static void body(Code code, Instruction row) {
        switch (row.format()) {
            case R -> code.r(row.mnemonic(), 12, 10, 11);
            case I, SHIFT, SHIFT_WORD ->
                code.i(row.mnemonic(), 12, 10, row.format() == Format.I ? -1234 : 21)
                        .i(row.mnemonic(), 15, 11, row.format() == Format.I ? 99 : 31)
                        .r("xor", 12, 12, 15);
            case UPPER -> code.upper(row.mnemonic(), 12, 0x87654000);
            case LOAD -> code.i(row.mnemonic(), 12, 6, 8);
            case STORE -> code.store(row.mnemonic(), 11, 6, 1024).i("ld", 12, 6, 1024);
            case BRANCH ->
                code.branch(row.mnemonic(), 10, 11, "taken")
                        .i("addi", 12, 12, 1)
                        .label("taken")
                        .branch(row.mnemonic(), 11, 11, "same")
                        .i("addi", 12, 12, 3)
                        .label("same");
            case JUMP -> code.jal(12, "there").i("addi", 12, 12, 1).label("there");
            case JUMP_REGISTER ->
                code.upper("auipc", 12, 0).i("jalr", 12, 12, 13).i("addi", 12, 12, 1);
            case LOAD_RESERVED -> code.r(row.mnemonic(), 12, 6, 0);
            case ATOMIC -> {
                if (row.mnemonic().startsWith("sc")) {
                    code.r("lr" + row.mnemonic().substring(2), 15, 6, 0);
                }
                code.r(row.mnemonic(), 12, 6, 11);
            }
            case CSR, CSR_IMMEDIATE ->
                code.i(row.mnemonic(), 12, 0, 0xC00)
                        .i(row.mnemonic(), 15, 0, 0xC02)
                        .r("add", 12, 12, 15);
            case FENCE -> code.raw(Code.word(row.mnemonic(), 0, 0, 0, 0xFF));
            case NONE -> code.raw(Code.word(row.mnemonic(), 0, 0, 0, 0));
        }
    }

    static Stream<String> compressible() {
        return mnemonics().filter(mnemonic -> compressed(mnemonic) != 0);
    }

    /** An encoding of two bytes with operands that a loop can have; 0 where there is none. */
    private static int compressed(String mnemonic) {
        Instruction row = InstructionTable.find(mnemonic);
        int raw = switch (row.format()) {
            case R -> row.encode(10, 10, 11, 0);
            case I -> row.encode(10, 10, 0, -7);
            case SHIFT, SHIFT_WORD -> row.encode(10, 10, 0, 9);
            case UPPER -> row.encode(12, 0, 0, 0x11000);
            case LOAD -> row.encode(12, 14, 0, 8);
            case STORE -> row.encode(0, 14, 11, 16);
            case BRANCH -> row.encode(0, 10, 0, 6);
            case JUMP -> row.encode(0, 0, 0, 6);
            default -> 0;
        };
        return raw == 0 ? 0 : CompressedTable.compress(raw);
    }

    @ParameterizedTest
    @MethodSource("compressible")
    void isTranslatedAndDoesTheSameInTwoBytes(String mnemonic) {
        int shortNop = CompressedTable.compress(Code.word("addi", 0, 0, 0, 0));
        Code code = new Code()
                .li(5, ROUNDS)
                .li(8, GuestMachine.DATA)
                .label("head")
                .i("andi", 14, 5, OPERANDS - 1)
                .i("slli", 14, 14, 3)
                .r("add", 14, 14, 8)
                .i("ld", 10, 14, 0)
                .i("ld", 11, 14, 8)
                // Behind it, four bytes over which a branch may lead; half of them is no instruction of its own.
                .raw(compressed(mnemonic) | Code.word("addi", 12, 12, 0, 77) << 16)
                .raw(Code.word("addi", 12, 12, 0, 77) >>> 16 | shortNop << 16)
                .r("xor", 12, 12, 10)
                .r("add", 13, 13, 12)
                .i("addi", 5, 5, -1)
                .branch("bne", 5, 0, "head")
                .ecall();
        EnginePair pair = new EnginePair(TestProfiles.distinctCosts());
        pair.each(EveryInstructionTest::fillOperands);
        pair.start(code).run().assertMostlyTranslated();
        assertThat(pair.hart().x[5]).isZero();
    }
}
