package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.trap.TrapCause;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches and jumps, and where misaligned targets trap. */
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
            int offset = new int[] {-4096, -8, 4, 8, 0, 4092}[n % 6];
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
    @CsvSource({"0x10100, 0", "0x10101, 0", "0x10000, 256", "0x10200, -256", "-2048, 2045"})
    void jalrLinksAndClearsTheLowestBitOfItsTarget(String base, int offset) {
        hart.x[6] = Long.decode(base);
        guest.code(CODE, Code.word("jalr", 6, 6, 0, offset));
        guest.start(0, CODE);
        guest.step();
        assertThat(hart.pc).isEqualTo(Long.decode(base) + offset & -2);
        assertThat(hart.x[6]).isEqualTo(CODE + 4);
    }

    @ParameterizedTest
    @CsvSource({"2", "-2", "6", "1048574"})
    void jalToAMisalignedTargetTrapsAtTheJumpAndDoesNotLink(int offset) {
        hart.x[1] = 99;
        guest.run(new Code().nop().raw(Code.word("jal", 1, 0, 0, offset)));
        assertTrapAtJump(CODE + 4 + offset);
        assertThat(hart.x[1]).isEqualTo(99);
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "0x10102"})
    void jalrToAMisalignedTargetTrapsAtTheJumpAndDoesNotLink(String target) {
        hart.x[1] = Long.decode(target);
        guest.run(new Code().nop().i("jalr", 1, 1, 0));
        assertTrapAtJump(Long.decode(target) & -2);
        assertThat(hart.x[1]).isEqualTo(Long.decode(target));
    }

    @ParameterizedTest
    @FieldSource("BRANCHES")
    void aBranchToAMisalignedTargetTrapsOnlyWhenTaken(String mnemonic) {
        Random random = new Random(3);
        for (int n = 0; n < 40; n++) {
            long a = Oracle.operand(random);
            long b = n % 3 == 0 ? a : Oracle.operand(random);
            GuestMachine fresh = GuestMachine.of("ideal");
            fresh.hart().x[6] = a;
            fresh.hart().x[7] = b;
            fresh.code(CODE, Code.word(mnemonic, 0, 6, 7, 6));
            fresh.start(0, CODE);
            RunStop stop = fresh.machine.run(Long.MAX_VALUE, 1);
            if (Oracle.taken(mnemonic, a, b)) {
                fresh.machine.run();
                assertThat(fresh.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_MISALIGNED);
                assertThat(fresh.kernel.onlyTrap().value()).isEqualTo(CODE + 6);
                assertThat(fresh.kernel.onlyTrap().pc()).isEqualTo(CODE);
                assertThat(fresh.hart().retired).isZero();
            } else {
                assertThat(stop).isEqualTo(RunStop.PAUSED);
                assertThat(fresh.hart().pc).isEqualTo(CODE + 4);
            }
        }
    }

    /** No jump leads there, but a hart may be started there: what counts is the target, not the offset. */
    @Test
    void fromAnAddressBetweenWordsTheTargetDecides() {
        long middle = CODE + 2;
        // The word at CODE + 2 is put together from two halves.
        int jump = Code.word("jal", 1, 0, 0, 6);
        guest.code(CODE, jump << 16, jump >>> 16);
        guest.start(0, middle);
        guest.step();
        assertThat(hart.pc).isEqualTo(CODE + 8);
        assertThat(hart.x[1]).isEqualTo(CODE + 6);

        int misaligned = Code.word("jal", 1, 0, 0, 4);
        guest.code(CODE, misaligned << 16, misaligned >>> 16);
        guest.start(0, middle);
        guest.machine.run();
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_MISALIGNED);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(CODE + 6);
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

    private void assertTrapAtJump(long target) {
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_MISALIGNED);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(target);
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(CODE + 4);
        assertThat(hart.retired).isEqualTo(1);
    }
}
