package dev.pagewalk.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.mmu.table.PagingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several harts on the same memory. */
class SharedMemoryTest {
    private static final long CODE = GuestMachine.CODE;
    private static final long DATA = GuestMachine.DATA;
    private static final int ROUNDS = 500;

    private static GuestMachine guest(int harts, long quantumCycles) {
        GuestMachine guest = new GuestMachine(new MachineConfig(
                harts, GuestMachine.RAM_BYTES, PagingMode.SV48, TimingProfiles.find("u74"), quantumCycles));
        guest.map(CODE, GuestMachine.RX);
        guest.map(DATA, GuestMachine.RW);
        for (Hart hart : guest.machine.harts()) {
            hart.x[6] = DATA;
            hart.x[8] = ROUNDS;
            hart.x[9] = 1;
        }
        return guest;
    }

    private static void runAll(GuestMachine guest, Code code) {
        guest.code(CODE, code);
        for (Hart hart : guest.machine.harts()) {
            guest.start(hart.id(), CODE);
        }
        assertThat(guest.machine.run(1L << 40, Long.MAX_VALUE)).isEqualTo(RunStop.DEADLOCK);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 13, 200, 1500})
    void atomicAdditionsOfFourHartsAddUp(long quantumCycles) {
        GuestMachine guest = guest(4, quantumCycles);
        runAll(
                guest,
                new Code()
                        .label("loop")
                        .r("amoadd.d", 0, 6, 9)
                        .i("addi", 8, 8, -1)
                        .branch("bne", 8, 0, "loop")
                        .ecall());
        assertThat(guest.readLong(DATA)).isEqualTo(4 * ROUNDS);
    }

    /** That the next test means something: without a lock additions get lost. */
    @Test
    void plainAdditionsOfFourHartsGetLost() {
        GuestMachine guest = guest(4, 13);
        runAll(
                guest,
                new Code()
                        .label("loop")
                        .i("ld", 5, 6, 0)
                        .i("addi", 5, 5, 1)
                        .store("sd", 5, 6, 0)
                        .i("addi", 8, 8, -1)
                        .branch("bne", 8, 0, "loop")
                        .ecall());
        assertThat(guest.readLong(DATA)).isBetween((long) ROUNDS, 4L * ROUNDS - 1);
    }

    @ParameterizedTest
    @CsvSource({"1, 64", "13, 64", "200, 8", "1500, 64", "13, 2040"})
    void aSpinLockOfLrAndScKeepsPlainAdditionsApart(long quantumCycles, int counterOffset) {
        GuestMachine guest = guest(4, quantumCycles);
        runAll(
                guest,
                new Code()
                        .label("loop")
                        .r("lr.w", 5, 6, 0)
                        .branch("bne", 5, 0, "loop")
                        .r("sc.w", 5, 6, 9)
                        .branch("bne", 5, 0, "loop")
                        .i("ld", 5, 6, counterOffset)
                        .i("addi", 5, 5, 1)
                        .store("sd", 5, 6, counterOffset)
                        .store("sw", 0, 6, 0)
                        .i("addi", 8, 8, -1)
                        .branch("bne", 8, 0, "loop")
                        .ecall());
        assertThat(guest.readLong(DATA + counterOffset)).isEqualTo(4 * ROUNDS);
        for (Hart hart : guest.machine.harts()) {
            assertThat(hart.x[8]).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"sd, 0, 1", "sb, 63, 1", "sb, 64, 0", "sb, -1, 0", "sd, -4, 1", "sd, 1024, 0", "sd, 60, 1"})
    void anotherHartsStoreBreaksAReservationOnlyInItsLine(String mnemonic, int offset, long failed) {
        GuestMachine guest = guest(2, 1500);
        guest.code(
                CODE, new Code().r("lr.d", 5, 6, 0).ecall().r("sc.d", 5, 6, 9).ecall());
        guest.code(
                CODE + 0x800,
                new Code().store(mnemonic, 9, 6, offset).store("sb", 9, 6, 512).ecall());
        for (Hart hart : guest.machine.harts()) {
            hart.x[6] = DATA + 128;
        }
        // Hot in the other hart's store L0, until the reservation is made.
        guest.start(1, CODE + 0x804);
        guest.machine.run();
        guest.start(0, CODE);
        guest.machine.run();
        guest.start(1, CODE + 0x800);
        guest.machine.run();
        guest.start(0, CODE + 8);
        guest.machine.run();
        assertThat(guest.hart(0).x[5]).isEqualTo(failed);
    }

    @Test
    void theKernelsStoreBreaksAReservation() {
        GuestMachine guest = guest(1, 1500);
        guest.code(
                CODE, new Code().r("lr.d", 5, 6, 0).ecall().r("sc.d", 5, 6, 9).ecall());
        guest.start(0, CODE);
        guest.machine.run();
        guest.machine.bus().announceStore(guest.physical(DATA), 4096);
        guest.start(0, CODE + 8);
        guest.machine.run();
        assertThat(guest.hart(0).x[5]).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 1024, 0", "1, 8, 1", "7, 1024, 0"})
    void sliceEndsDoNotBreakAReservation(long quantumCycles, int otherOffset, long failed) {
        GuestMachine guest = guest(2, quantumCycles);
        guest.hart(1).x[7] = DATA + otherOffset;
        guest.code(
                CODE,
                new Code()
                        .nops(50)
                        .r("lr.d", 5, 6, 0)
                        .nops(100)
                        .r("sc.d", 5, 6, 9)
                        .ecall());
        guest.code(CODE + 0x800, new Code().label("loop").store("sd", 9, 7, 0).jal(0, "loop"));
        guest.start(0, CODE);
        guest.start(1, CODE + 0x800);
        guest.machine.run(3000, Long.MAX_VALUE);
        assertThat(guest.hart(0).phase()).isEqualTo(HartPhase.IDLE);
        assertThat(guest.hart(0).x[5]).isEqualTo(failed);
    }

    @Test
    void twoHartsMayReserveOneLineAndTheFirstScWins() {
        GuestMachine guest = guest(2, 1500);
        guest.code(
                CODE, new Code().r("lr.d", 5, 6, 0).ecall().r("sc.d", 5, 6, 9).ecall());
        for (long pc : new long[] {CODE, CODE + 8}) {
            guest.start(0, pc);
            guest.start(1, pc);
            guest.machine.run();
        }
        assertThat(guest.hart(0).x[5]).isZero();
        assertThat(guest.hart(1).x[5]).isEqualTo(1);
    }

    @Test
    void aReservationOutlivesAnotherInTheSameFrame() {
        GuestMachine guest = guest(2, 1500);
        guest.code(
                CODE, new Code().r("lr.d", 5, 6, 0).ecall().r("sc.d", 5, 6, 9).ecall());
        guest.code(CODE + 0x800, new Code().store("sd", 9, 7, 0).ecall());
        guest.hart(1).x[6] = DATA + 1024;
        guest.hart(1).x[7] = DATA;
        for (int id = 0; id < 2; id++) {
            guest.start(id, CODE);
        }
        guest.machine.run();
        guest.start(1, CODE + 8);
        guest.machine.run();
        assertThat(guest.hart(1).x[5]).isZero();
        // Were the frame no longer guarded, these would go unseen.
        guest.start(1, CODE + 0x800);
        guest.machine.run();
        guest.start(0, CODE + 8);
        guest.machine.run();
        assertThat(guest.hart(0).x[5]).isEqualTo(1);
    }
}
