package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Registers in, a register out: the I and M extensions against big-integer arithmetic. */
class ArithmeticInstructionsTest {
    static final List<String> REGISTER = List.of(
            "add", "sub", "sll", "slt", "sltu", "xor", "srl", "sra", "or", "and", "addw", "subw", "sllw", "srlw",
            "sraw", "mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu", "mulw", "divw", "divuw", "remw",
            "remuw");
    static final List<String> IMMEDIATE = List.of("addi", "slti", "sltiu", "xori", "ori", "andi", "addiw");
    static final List<String> SHIFT = List.of("slli", "srli", "srai", "slliw", "srliw", "sraiw");
    static final List<String> UPPER = List.of("lui", "auipc");

    private static final int CASES = 400;

    private final GuestMachine guest = GuestMachine.of("ideal");
    private final Hart hart = guest.hart();

    @ParameterizedTest
    @FieldSource("REGISTER")
    void registerInstructionsAgreeWithBigIntegers(String mnemonic) {
        Random random = new Random(mnemonic.hashCode());
        guest.code(GuestMachine.CODE, new Code().r(mnemonic, 5, 6, 7).words());
        for (int n = 0; n < CASES; n++) {
            long a = Oracle.operand(random);
            long b = n % 10 == 0 ? a : Oracle.operand(random);
            hart.x[6] = a;
            hart.x[7] = b;
            assertThat(resultIn(5)).as("%s 0x%x, 0x%x", mnemonic, a, b).isEqualTo(Oracle.compute(mnemonic, a, b));
        }
    }

    @ParameterizedTest
    @FieldSource("REGISTER")
    void theDestinationMayBeASource(String mnemonic) {
        guest.code(GuestMachine.CODE, new Code().r(mnemonic, 6, 6, 6).words());
        hart.x[6] = -7;
        assertThat(resultIn(6)).isEqualTo(Oracle.compute(mnemonic, -7, -7));
    }

    @ParameterizedTest
    @FieldSource("REGISTER")
    void x0StaysZeroAsDestinationAndReadsZeroAsSource(String mnemonic) {
        guest.code(
                GuestMachine.CODE,
                new Code().r(mnemonic, 0, 6, 7).r(mnemonic, 5, 0, 6).words());
        hart.x[6] = 123;
        hart.x[7] = 45;
        resultIn(0);
        guest.step();
        assertThat(hart.x[0]).isZero();
        assertThat(hart.x[5]).isEqualTo(Oracle.compute(mnemonic, 0, 123));
    }

    @ParameterizedTest
    @FieldSource("IMMEDIATE")
    void immediateInstructionsAgreeWithBigIntegers(String mnemonic) {
        Random random = new Random(mnemonic.hashCode());
        String register =
                mnemonic.equals("addiw") ? "addw" : mnemonic.equals("sltiu") ? "sltu" : mnemonic.replace("i", "");
        for (int n = 0; n < CASES; n++) {
            long a = Oracle.operand(random);
            int immediate = n == 0 ? -2048 : n == 1 ? 2047 : random.nextInt(4096) - 2048;
            guest.code(
                    GuestMachine.CODE, new Code().i(mnemonic, 5, 6, immediate).words());
            hart.x[6] = a;
            assertThat(resultIn(5))
                    .as("%s 0x%x, %d", mnemonic, a, immediate)
                    .isEqualTo(Oracle.compute(register, a, immediate));
        }
    }

    @ParameterizedTest
    @FieldSource("SHIFT")
    void shiftsByImmediatesAgreeWithBigIntegers(String mnemonic) {
        Random random = new Random(mnemonic.hashCode());
        int widest = mnemonic.endsWith("w") ? 31 : 63;
        for (int shift = 0; shift <= widest; shift++) {
            guest.code(GuestMachine.CODE, new Code().i(mnemonic, 5, 6, shift).words());
            for (int n = 0; n < 10; n++) {
                long a = Oracle.operand(random);
                hart.x[6] = a;
                assertThat(resultIn(5))
                        .as("%s 0x%x, %d", mnemonic, a, shift)
                        .isEqualTo(Oracle.compute(mnemonic.replace("i", ""), a, shift));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0x7FFFF000", "0x00001000", "0x80000000", "0xFFFFF000", "0"})
    void upperImmediatesAreSignExtended(String hex) {
        int immediate = (int) (long) Long.decode(hex);
        guest.code(
                GuestMachine.CODE,
                new Code()
                        .upper("lui", 5, immediate)
                        .upper("auipc", 6, immediate)
                        .words());
        resultIn(5);
        guest.step();
        assertThat(hart.x[5]).isEqualTo(immediate);
        assertThat(hart.x[6]).isEqualTo(GuestMachine.CODE + 4 + immediate);
    }

    @ParameterizedTest
    @CsvSource({
        "div, 5, 0, -1",
        "divu, 5, 0, -1",
        "rem, -5, 0, -5",
        "remu, -5, 0, -5",
        "div, -9223372036854775808, -1, -9223372036854775808",
        "rem, -9223372036854775808, -1, 0",
        "divw, 5, 0, -1",
        "divuw, 5, 4294967296, -1",
        "remw, 2147483653, 0, -2147483643",
        "remuw, 2147483653, 0, -2147483643",
        "divw, -2147483648, -1, -2147483648",
        "remw, -2147483648, -1, 0",
        "divw, -7, 2, -3",
        "remw, -7, 2, -1",
        "divuw, 4294967295, 1, -1",
        "sllw, 1, 31, -2147483648",
        "srlw, 2147483648, 32, -2147483648",
        "sraw, 2147483648, 31, -1",
        "sll, 1, 64, 1",
        "mulhu, -1, -1, -2",
        "mulhsu, -1, -1, -1",
        "mulh, -1, -1, 0",
    })
    void edgeCasesAreThoseOfTheManual(String mnemonic, long a, long b, long expected) {
        guest.code(GuestMachine.CODE, new Code().r(mnemonic, 5, 6, 7).words());
        hart.x[6] = a;
        hart.x[7] = b;
        assertThat(resultIn(5)).isEqualTo(expected);
    }

    @Test
    void constantsOfAnySizeAreBuiltFromImmediates() {
        Random random = new Random(7);
        for (int n = 0; n < 200; n++) {
            long value = Oracle.operand(random);
            Code code = new Code().li(5, value);
            guest.code(GuestMachine.CODE, code);
            hart.pc = GuestMachine.CODE;
            hart.enter(HartPhase.RUNNING);
            for (int step = 0; step < code.length(); step++) {
                guest.step();
            }
            assertThat(hart.x[5]).isEqualTo(value);
        }
    }

    /** The suites of this package name their instructions in lists; together these are the table. */
    @Test
    void everyInstructionHasATest() {
        assertThat(InstructionTable.all())
                .extracting(instruction -> instruction.mnemonic())
                .allMatch(mnemonic -> REGISTER.contains(mnemonic)
                        || IMMEDIATE.contains(mnemonic)
                        || SHIFT.contains(mnemonic)
                        || UPPER.contains(mnemonic)
                        || LoadAndStoreTest.LOADS.contains(mnemonic)
                        || LoadAndStoreTest.STORES.contains(mnemonic)
                        || ControlFlowTest.BRANCHES.contains(mnemonic)
                        || ControlFlowTest.OTHERS.contains(mnemonic)
                        || AtomicInstructionsTest.AMOS.contains(mnemonic)
                        || AtomicInstructionsTest.RESERVED.contains(mnemonic)
                        || SystemInstructionsTest.INSTRUCTIONS.contains(mnemonic))
                .hasSize(94);
    }

    /** Executes the first instruction and returns a register. */
    private long resultIn(int register) {
        guest.start(0, GuestMachine.CODE);
        long retired = hart.retired;
        guest.step();
        assertThat(hart.retired).isEqualTo(retired + 1);
        assertThat(hart.pc).isEqualTo(GuestMachine.CODE + 4);
        return hart.x[register];
    }
}
