package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.table.Pte;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The A extension on one hart; several harts are in {@code SharedMemoryTest}. */
class AtomicInstructionsTest {
    static final List<String> AMOS = Stream.of("swap", "add", "xor", "and", "or", "min", "max", "minu", "maxu")
            .flatMap(name -> Stream.of("amo" + name + ".w", "amo" + name + ".d"))
            .toList();
    static final List<String> RESERVED = List.of("lr.w", "lr.d", "sc.w", "sc.d");

    private static final long DATA = GuestMachine.DATA;

    private final GuestMachine guest = GuestMachine.of("ideal");
    private final Hart hart = guest.hart();

    @ParameterizedTest
    @FieldSource("AMOS")
    void amosAgreeWithBigIntegersInRegisterAndMemory(String mnemonic) {
        Random random = new Random(mnemonic.hashCode());
        boolean word = mnemonic.endsWith(".w");
        guest.code(GuestMachine.CODE, new Code().r(mnemonic, 5, 6, 7));
        for (int n = 0; n < 300; n++) {
            long old = Oracle.operand(random);
            long operand = n % 10 == 0 ? old : Oracle.operand(random);
            guest.writeLong(DATA + 8, old);
            hart.x[6] = DATA + 8;
            hart.x[7] = operand;
            guest.start(0, GuestMachine.CODE);
            guest.step();
            assertThat(hart.x[5])
                    .as("old value of %s 0x%x, 0x%x", mnemonic, old, operand)
                    .isEqualTo(word ? (int) old : old);
            long stored = Oracle.combine(mnemonic, old, operand);
            assertThat(guest.readLong(DATA + 8))
                    .as("%s 0x%x, 0x%x", mnemonic, old, operand)
                    .isEqualTo(word ? old & ~0xFFFF_FFFFL | stored : stored);
        }
    }

    @Test
    void aWordAmoChangesTheUpperWordOfADoubleAlone() {
        guest.writeLong(DATA, 0x1111_1111_2222_2222L);
        hart.x[6] = DATA + 4;
        hart.x[7] = 1;
        guest.run(new Code().r("amoadd.w", 5, 6, 7).ecall());
        assertThat(hart.x[5]).isEqualTo(0x1111_1111);
        assertThat(guest.readLong(DATA)).isEqualTo(0x1111_1112_2222_2222L);
    }

    @Test
    void anAmoMayUseOneRegisterForEverything() {
        guest.writeLong(DATA, 5);
        hart.x[6] = DATA;
        guest.run(new Code().r("amoadd.d", 6, 6, 6).ecall());
        assertThat(hart.x[6]).isEqualTo(5);
        assertThat(guest.readLong(DATA)).isEqualTo(DATA + 5);
    }

    @ParameterizedTest
    @CsvSource({"lr.w, sc.w", "lr.d, sc.d", "lr.d, sc.w"})
    void scStoresAfterLrAndFailsTheSecondTime(String lr, String sc) {
        guest.writeLong(DATA, 0xFFFF_FFFF_8000_0000L);
        hart.x[6] = DATA;
        hart.x[7] = 77;
        guest.run(new Code()
                .r(lr, 5, 6, 0)
                .r(sc, 8, 6, 7)
                .i("addi", 7, 7, 1)
                .r(sc, 9, 6, 7)
                .ecall());
        assertThat(hart.x[5]).isEqualTo(0xFFFF_FFFF_8000_0000L);
        assertThat(hart.x[8]).isZero();
        assertThat(hart.x[9]).isEqualTo(1);
        assertThat(guest.readLong(DATA)).isEqualTo(sc.equals("sc.d") ? 77 : 0xFFFF_FFFF_0000_004DL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sc.w", "sc.d"})
    void scWithoutLrFailsAndWritesNothing(String sc) {
        guest.writeLong(DATA, 1);
        hart.x[6] = DATA;
        hart.x[7] = 2;
        guest.run(new Code().r(sc, 5, 6, 7).ecall());
        assertThat(hart.x[5]).isEqualTo(1);
        assertThat(guest.readLong(DATA)).isEqualTo(1);
    }

    @Test
    void scElsewhereFailsAndGivesTheReservationUp() {
        hart.x[6] = DATA;
        hart.x[7] = DATA + 64;
        guest.run(new Code()
                .r("lr.d", 5, 6, 0)
                .r("sc.d", 8, 7, 6)
                .r("sc.d", 9, 6, 6)
                .ecall());
        assertThat(hart.x[8]).isEqualTo(1);
        assertThat(hart.x[9]).isEqualTo(1);
        assertThat(guest.readLong(DATA)).isZero();
    }

    @Test
    void aSecondLrReplacesTheFirst() {
        hart.x[6] = DATA;
        hart.x[7] = DATA + 64;
        guest.run(new Code()
                .r("lr.d", 5, 6, 0)
                .r("lr.d", 5, 7, 0)
                .r("sc.d", 8, 6, 6)
                .r("lr.d", 5, 6, 0)
                .r("lr.d", 5, 7, 0)
                .r("sc.d", 9, 7, 6)
                .ecall());
        assertThat(hart.x[8]).isEqualTo(1);
        assertThat(hart.x[9]).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "56, 1", "63, 1", "64, 0", "-8, 0", "128, 0", "4000, 0"})
    void theHartsOwnStoreBreaksItsReservationOnlyInTheLine(int offset, long failed) {
        hart.x[6] = DATA + 64;
        hart.x[7] = DATA + 64 + offset;
        // The stores before make the page hot in L0: the reservation must get it out again.
        guest.run(new Code()
                .store("sb", 6, 7, 0)
                .store("sb", 6, 7, 0)
                .r("lr.d", 5, 6, 0)
                .store("sb", 6, 7, 0)
                .r("sc.d", 8, 6, 6)
                .ecall());
        assertThat(hart.x[8]).isEqualTo(failed);
    }

    @Test
    void aStoreAcrossTheLineBreaksTheReservation() {
        hart.x[6] = DATA + 64;
        guest.run(new Code()
                .r("lr.d", 5, 6, 0)
                .store("sd", 6, 6, -4)
                .r("sc.d", 8, 6, 6)
                .ecall());
        assertThat(hart.x[8]).isEqualTo(1);
    }

    @Test
    void anAmoAndAnAliasedStoreBreakTheReservation() {
        guest.mapTo(DATA + 0x10_0000, guest.physical(DATA), GuestMachine.RW);
        hart.x[6] = DATA;
        hart.x[7] = DATA + 0x10_0000;
        guest.run(new Code()
                .r("lr.d", 5, 6, 0)
                .r("amoadd.w", 5, 6, 0)
                .r("sc.d", 8, 6, 6)
                .store("sd", 6, 7, 0)
                .r("lr.d", 5, 6, 0)
                .store("sd", 6, 7, 0)
                .r("sc.d", 9, 6, 6)
                .ecall());
        assertThat(hart.x[8]).isEqualTo(1);
        assertThat(hart.x[9]).isEqualTo(1);
    }

    @Test
    void loadsAndOtherTrapsThanTheKernelsLeaveTheReservation() {
        hart.x[6] = DATA;
        guest.kernel.onTrap = (hart, cause, value) -> {
            hart.pc += 4;
            return hart.x[17] == 1 ? KernelStep.IDLE : KernelStep.RESUME;
        };
        guest.run(new Code()
                .r("lr.d", 5, 6, 0)
                .i("ld", 5, 6, 0)
                .ecall()
                .r("sc.d", 8, 6, 6)
                .i("addi", 17, 0, 1)
                .ecall());
        assertThat(hart.x[8]).isZero();
    }

    @ParameterizedTest
    @FieldSource("AMOS")
    void aMisalignedAmoTrapsAndWritesNothing(String mnemonic) {
        assertMisaligned(mnemonic, TrapCause.STORE_MISALIGNED);
    }

    @ParameterizedTest
    @CsvSource({
        "lr.w, LOAD_MISALIGNED",
        "lr.d, LOAD_MISALIGNED",
        "sc.w, STORE_MISALIGNED",
        "sc.d, STORE_MISALIGNED",
    })
    void misalignedReservedAccessesTrap(String mnemonic, TrapCause cause) {
        assertMisaligned(mnemonic, cause);
    }

    private void assertMisaligned(String mnemonic, TrapCause cause) {
        int size = mnemonic.endsWith(".w") ? 4 : 8;
        for (int offset = 1; offset < size; offset++) {
            GuestMachine fresh = GuestMachine.of("ideal");
            fresh.hart().x[5] = 99;
            fresh.hart().x[6] = DATA + offset;
            fresh.hart().x[7] = -1;
            fresh.run(new Code().r(mnemonic, 5, 6, mnemonic.startsWith("lr") ? 0 : 7));
            assertThat(fresh.kernel.onlyTrap().cause()).isEqualTo(cause);
            assertThat(fresh.kernel.onlyTrap().value()).isEqualTo(DATA + offset);
            assertThat(fresh.hart().x[5]).isEqualTo(99);
            assertThat(fresh.hart().retired).isZero();
            assertThat(fresh.readLong(DATA)).isZero();
            assertThat(fresh.hart().mmu().counters().dataAccesses()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "amoadd.w, STORE_ACCESS_FAULT",
        "amomax.d, STORE_ACCESS_FAULT",
        "lr.w, LOAD_ACCESS_FAULT",
        "lr.d, LOAD_ACCESS_FAULT",
        "sc.w, STORE_ACCESS_FAULT",
        "sc.d, STORE_ACCESS_FAULT",
    })
    void atomicsOnADeviceAreAccessFaultsThatTheDeviceDoesNotSee(String mnemonic, TrapCause cause) {
        RecordingDevice device = new RecordingDevice();
        guest.machine.bus().attach(device);
        guest.mapTo(DATA + 0x1000, RecordingDevice.BASE, GuestMachine.RW);
        hart.x[6] = DATA + 0x1000;
        guest.run(new Code().r(mnemonic, 5, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(cause);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(DATA + 0x1000);
        assertThat(device.accesses).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"amoor.w, STORE_PAGE_FAULT", "sc.d, STORE_PAGE_FAULT"})
    void atomicsNeedAWritablePage(String mnemonic, TrapCause cause) {
        guest.map(DATA + 0x1000, Pte.R | Pte.U | Pte.A | Pte.D);
        hart.x[6] = DATA + 0x1000;
        guest.run(new Code().r("lr.d", 5, 6, 0).r(mnemonic, 5, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(cause);
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(GuestMachine.CODE + 4);
    }
}
