package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.trap.TrapCause;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches and jumps; every even address is a target. */
class ControlFlowTest {
    static final List<String> BRANCHES = List.of("beq", "bne", "blt", "bge", "bltu", "bgeu");

    static final List<String> OTHERS = List.of("jal", "jalr");

    private static final long CODE = GuestMachine.CODE;

    private final GuestMachine guest = GuestMachine.of("ideal");
    private final Hart hart = guest.hart();

    @ParameterizedTest
    @FieldSource("BRANCHES")
    void branchesAreTakenAsBigIntegersCompare(String mnemonic) {
        Random random = new Random(mnemonic.hashCode());
        for (int n = 0; n < 300; n++) {
            long a = Oracle.operand(random);
            long b = n % 4 == 0 ? a : Oracle.operand(random);
            int offset = new int[] {-4096, -8, 6, 8, 0, 4094}[n % 6];
            guest.code(CODE, Code.word(mnemonic, 0, 6, 7, offset));
            hart.x[6] = a;
            hart.x[7] = b;
            guest.start(0, CODE);
            guest.step();
            assertThat(hart.pc)
                    .as("%s 0x%x, 0x%x, %d", mnemonic, a, b, offset)
                    .isEqualTo(CODE + (Oracle.taken(mnemonic, a, b) ? offset : 4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-0x10_0000, -4, 4, 0x800, 0xF_FFFC})
    void jalLinksAndJumps(int offset) {
        guest.code(CODE, Code.word("jal", 1, 0, 0, offset));
        guest.start(0, CODE);
        guest.step();
        assertThat(hart.pc).isEqualTo(CODE + offset);
        assertThat(hart.x[1]).isEqualTo(CODE + 4);
    }

    @Test
    void jalToX0LinksNothing() {
        guest.code(CODE, Code.word("jal", 0, 0, 0, 8));
        guest.start(0, CODE);
        guest.step();
        assertThat(hart.pc).isEqualTo(CODE + 8);
        assertThat(hart.x[0]).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0x10100, 0", "0x10101, 0", "0x10002, 0", "0x10003, 0", "0x10000, 258", "0x10200, -256", "-2048, 2045"})
    void jalrLinksAndClearsTheLowestBitOfItsTarget(String base, int offset) {
        hart.x[6] = Long.decode(base);
        guest.code(CODE, Code.word("jalr", 6, 6, 0, offset));
        guest.start(0, CODE);
        guest.step();
        assertThat(hart.pc).isEqualTo(Long.decode(base) + offset & -2);
        assertThat(hart.x[6]).isEqualTo(CODE + 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {-0x10_0000, -6, 2, 6, 0xF_FFFE})
    void jalReachesEveryEvenAddress(int offset) {
        guest.code(CODE, Code.word("jal", 1, 0, 0, offset));
        guest.start(0, CODE);
        guest.step();
        assertThat(hart.pc).isEqualTo(CODE + offset);
        assertThat(hart.x[1]).isEqualTo(CODE + 4);
    }

    @Test
    void betweenWordsACompressedJumpAndOneOfFourBytesLinkWhatFollowsThem() {
        int jal = Code.word("jal", 1, 0, 0, 6);
        int compressedJumpToX6 = CompressedTable.find("c.jalr").encode(Map.of("rs1", 6));
        guest.code(CODE, jal << 16, jal >>> 16, compressedJumpToX6);
        guest.start(0, CODE + 2);
        guest.step();
        assertThat(hart.pc).isEqualTo(CODE + 8);
        assertThat(hart.x[1]).isEqualTo(CODE + 6);
        hart.x[6] = CODE + 3;
        guest.step();
        assertThat(hart.pc).isEqualTo(CODE + 2);
        assertThat(hart.x[1]).isEqualTo(CODE + 10);
    }

    @Test
    void aHartPutAtAnOddAddressTraps() {
        guest.start(0, CODE + 4095);
        guest.machine.run();
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_MISALIGNED);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(CODE + 4095);
    }

    @Test
    void aLoopOverTwoPagesRunsItsCourse() {
        guest.map(CODE + 0x1000, GuestMachine.RX);
        guest.code(CODE + 0xFFC, Code.word("addi", 5, 5, 0, 1));
        guest.code(
                CODE + 0x1000,
                Code.word("addi", 6, 6, 0, -1),
                Code.word("bne", 0, 6, 0, -8),
                Code.word("ecall", 0, 0, 0, 0));
        hart.x[6] = 1000;
        guest.start(0, CODE + 0xFFC);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(1000);
        assertThat(hart.retired).isEqualTo(3000);
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(3001);
        assertThat(hart.mmu().counters().instructionMisses()).isEqualTo(2);
    }
}
