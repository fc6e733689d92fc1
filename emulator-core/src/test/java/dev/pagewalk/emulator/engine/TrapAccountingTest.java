package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.ScriptedKernel.Kind;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.table.Pte;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a trap counts: design, section 4, point 1. */
class TrapAccountingTest {
    private final GuestMachine guest = GuestMachine.of("u74");
    private final Hart hart = guest.hart();

    @Test
    void aFaultingLoadIsExecutedAgainAndRetiresOnce() {
        long page = GuestMachine.DATA + 0x5000;
        long frame = guest.newFrame();
        guest.memory.writeLong(frame, 42);
        guest.kernel.onTrap = (hart, cause, value) -> {
            if (cause == TrapCause.SYSTEM_CALL) {
                return KernelStep.IDLE;
            }
            guest.mapTo(page, frame, GuestMachine.RW);
            hart.charge(500);
            return KernelStep.RESUME;
        };
        hart.x[6] = page;
        guest.run(new Code().i("ld", 6, 6, 0).ecall());
        assertThat(hart.x[6]).isEqualTo(42);
        assertThat(hart.retired).isEqualTo(1);
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(3);
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(2);
        assertThat(guest.kernel.calls(Kind.TRAP)).hasSize(2);
        long charged =
                guest.kernel.calls.get(1).cycle() - guest.kernel.calls.get(0).cycle();
        assertThat(charged).isGreaterThan(500).isLessThan(700);
    }

    /** Svade: the first store faults for D, the kernel sets it, the TLB must be told. */
    @Test
    void aFirstStoreFaultsWhereHardwareDoesNotSetDirty() {
        guest.mapTo(GuestMachine.DATA, guest.physical(GuestMachine.DATA), GuestMachine.RW & ~Pte.D);
        hart.x[6] = GuestMachine.DATA;
        guest.run(new Code().i("ld", 5, 6, 0).store("sd", 6, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.STORE_PAGE_FAULT);
    }

    @Test
    void aTrapPassesItsChargeBeforeTheGuestGoesOn() {
        guest.kernel.onTrap = (hart, cause, value) -> {
            hart.pc += 4;
            hart.charge(1000);
            return hart.x[17] == 0 ? KernelStep.RESUME : KernelStep.IDLE;
        };
        guest.run(new Code()
                .i("csrrs", 5, 0, 0xC00)
                .ecall()
                .i("csrrs", 6, 0, 0xC00)
                .i("addi", 17, 0, 1)
                .ecall());
        long csr = guest.machine.config().profile().instructions().csr();
        assertThat(hart.x[6] - hart.x[5]).isEqualTo(csr + 1000);
        assertThat(hart.retired).isEqualTo(3);
    }

    /** ITLB accesses = retired + trapped + crossings, in programs that do all of it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void instructionAccessesAreRetiredPlusTrappedPlusCrossings(long seed) {
        Random random = new Random(seed);
        guest.map(GuestMachine.CODE + 0x1000, GuestMachine.RWX);
        long crossings = 0;
        long traps = 0;
        guest.kernel.onTrap = (hart, cause, value) -> {
            hart.pc += 4;
            return KernelStep.RESUME;
        };
        for (int n = 0; n < 300; n++) {
            boolean crosses = random.nextBoolean();
            boolean trap = random.nextBoolean();
            int word = trap ? Code.word("ecall", 0, 0, 0, 0) : Code.word("addi", 5, 5, 0, 1);
            long pc = GuestMachine.CODE + (crosses ? 0xFFE : 4 * random.nextInt(1000));
            if (crosses) {
                guest.code(GuestMachine.CODE + 0xFFC, word << 16, word >>> 16);
                // What the hart finds behind the trap.
                guest.code(GuestMachine.CODE + 0x1000, word >>> 16 | 0x0013 << 16, 0x0000_0000);
            } else {
                guest.code(pc, word, Code.word("addi", 0, 0, 0, 0));
            }
            guest.start(0, pc);
            guest.machine.run(Long.MAX_VALUE, hart.cycle + 1);
            crossings += crosses ? 1 : 0;
            traps += trap ? 1 : 0;
            assertThat(guest.kernel.calls(Kind.TRAP)).hasSize((int) traps);
        }
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(hart.retired + traps + crossings);
    }
}
