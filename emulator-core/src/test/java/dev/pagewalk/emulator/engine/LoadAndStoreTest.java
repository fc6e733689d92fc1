package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.testing.RecordingDevice.Access;
import dev.pagewalk.emulator.testing.TestProfiles;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.Pte;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain loads and stores: what they read and write, what they cost, and where they fault. */
class LoadAndStoreTest {
    static final List<String> LOADS = List.of("lb", "lbu", "lh", "lhu", "lw", "lwu", "ld");
    static final List<String> STORES = List.of("sb", "sh", "sw", "sd");

    private static final long DATA = GuestMachine.DATA;
    private static final long SECOND = DATA + 0x1000;

    private final TimingProfile profile = TestProfiles.distinctCosts();
    private final GuestMachine guest = twoDataPages();

    private final Hart hart = guest.hart();

    private GuestMachine twoDataPages() {
        GuestMachine machine = GuestMachine.of(profile, 1);
        machine.map(GuestMachine.CODE, GuestMachine.RWX);
        machine.map(DATA, 2, GuestMachine.RW);
        return machine;
    }

    /** Every offset around the page boundary and a few elsewhere; the first access is cold, the others are hot. */
    @ParameterizedTest
    @FieldSource("LOADS")
    void loadsReadTheirBytesAlignedOrNotColdAndHot(String mnemonic) {
        byte[] bytes = randomData(mnemonic.hashCode());
        guest.code(GuestMachine.CODE, new Code().i(mnemonic, 5, 6, 0).i(mnemonic, 7, 6, 0));
        for (int offset : offsets()) {
            hart.mmu().clearL0();
            hart.x[6] = DATA + offset;
            guest.start(0, GuestMachine.CODE);
            guest.step();
            guest.step();
            assertThat(hart.x[5]).as("%s at %d", mnemonic, offset).isEqualTo(expected(mnemonic, bytes, offset));
            assertThat(hart.x[7]).as("hot %s at %d", mnemonic, offset).isEqualTo(hart.x[5]);
        }
        assertThat(guest.kernel.calls).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("LOADS")
    void aLoadToX0LeavesItZeroAndOneToItsBaseWorks(String mnemonic) {
        randomData(1);
        hart.x[6] = DATA;
        guest.run(new Code()
                .i(mnemonic, 0, 6, 0)
                .i(mnemonic, 0, 6, 0)
                .i(mnemonic, 6, 6, 0)
                .ecall());
        assertThat(hart.x[0]).isZero();
        assertThat(hart.retired).isEqualTo(3);
        assertThat(hart.x[6]).isNotEqualTo(DATA);
    }

    @ParameterizedTest
    @FieldSource("STORES")
    void storesWriteTheirBytesAndNoOthersAlignedOrNotColdAndHot(String mnemonic) {
        Random random = new Random(mnemonic.hashCode());
        byte[] bytes = randomData(mnemonic.hashCode());
        int size = size(mnemonic);
        guest.code(GuestMachine.CODE, new Code().store(mnemonic, 7, 6, 0).store(mnemonic, 8, 6, 0));
        for (int offset : offsets()) {
            hart.mmu().clearL0();
            hart.x[6] = DATA + offset;
            hart.x[7] = random.nextLong();
            hart.x[8] = random.nextLong();
            guest.start(0, GuestMachine.CODE);
            for (int register = 7; register <= 8; register++) {
                guest.step();
                for (int n = 0; n < size; n++) {
                    bytes[offset + n] = (byte) (hart.x[register] >>> 8 * n);
                }
                assertThat(data()).as("%s at %d", mnemonic, offset).isEqualTo(bytes);
            }
        }
        assertThat(guest.kernel.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ld, -2048", "ld, 2047", "lw, -4", "lb, -1"})
    void offsetsAreSigned(String mnemonic, int offset) {
        byte[] bytes = randomData(5);
        hart.x[6] = DATA + 2050;
        guest.run(new Code().i(mnemonic, 5, 6, offset).ecall());
        assertThat(hart.x[5]).isEqualTo(expected(mnemonic, bytes, 2050 + offset));
    }

    @Test
    void aHotAccessCostsItsClassAndAMisalignedOneMore() {
        hart.x[6] = DATA;
        guest.code(
                GuestMachine.CODE,
                new Code()
                        .i("ld", 5, 6, 0)
                        .store("sd", 5, 6, 0)
                        .i("ld", 5, 6, 0)
                        .store("sd", 5, 6, 0)
                        .i("ld", 5, 6, 4)
                        .store("sw", 5, 6, 1));
        guest.start(0, GuestMachine.CODE);
        guest.step();
        guest.step();
        assertThat(costOfStep()).isEqualTo(profile.instructions().load());
        assertThat(costOfStep()).isEqualTo(profile.instructions().store());
        assertThat(costOfStep())
                .isEqualTo(
                        profile.instructions().load() + profile.instructions().misalignedCycles());
        assertThat(costOfStep())
                .isEqualTo(
                        profile.instructions().store() + profile.instructions().misalignedCycles());
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(6);
        assertThat(hart.mmu().counters().dataMisses()).isEqualTo(1);
    }

    @Test
    void aColdAccessCostsItsWalkToo() {
        hart.x[6] = DATA;
        guest.code(GuestMachine.CODE, new Code().nop().i("ld", 5, 6, 0));
        guest.start(0, GuestMachine.CODE);
        guest.step();
        long readsBefore = hart.mmu().counters().walkReads();
        long cost = costOfStep();
        long reads = hart.mmu().counters().walkReads() - readsBefore;
        assertThat(reads).isPositive();
        assertThat(cost)
                .isEqualTo(profile.instructions().load()
                        + profile.translation().l2().latencyCycles()
                        + profile.translation().walkCache().latencyCycles()
                        + reads * profile.translation().pteReadCycles());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void anAccessInTwoPagesIsTwoTranslationsAndOneSurcharge(int before) {
        hart.x[6] = SECOND - before;
        guest.code(
                GuestMachine.CODE, new Code().i("ld", 5, 6, 0).i("ld", 5, 6, 0).store("sd", 5, 6, 0));
        guest.start(0, GuestMachine.CODE);
        guest.step();
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(2);
        assertThat(hart.mmu().counters().dataMisses()).isEqualTo(2);
        assertThat(costOfStep())
                .isEqualTo(
                        profile.instructions().load() + profile.instructions().misalignedCycles());
        assertThat(costOfStep())
                .isEqualTo(
                        profile.instructions().store() + profile.instructions().misalignedCycles());
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(6);
        assertThat(hart.mmu().counters().dataMisses()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"ld, 7", "ld, 1", "lw, 3", "lh, 1", "sd, 4", "sw, 1", "sh, 1"})
    void afterAFaultOnTheSecondPageNothingIsWritten(String mnemonic, int before) {
        guest.put(SECOND, 0, 0);
        byte[] bytes = firstPage();
        hart.x[5] = -1;
        hart.x[6] = SECOND - before;
        guest.run(new Code().raw(access(mnemonic)));
        assertFault(mnemonic, SECOND, TrapCause.LOAD_PAGE_FAULT, TrapCause.STORE_PAGE_FAULT);
        assertThat(firstPage()).isEqualTo(bytes);
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"ld, 7", "sd, 4", "sh, 1"})
    void aFaultOnTheFirstPageOfTwoComesFirst(String mnemonic, int before) {
        guest.put(DATA, 0, 0);
        guest.put(SECOND, 0, 0);
        hart.x[6] = SECOND - before;
        guest.run(new Code().raw(access(mnemonic)));
        assertFault(mnemonic, SECOND - before, TrapCause.LOAD_PAGE_FAULT, TrapCause.STORE_PAGE_FAULT);
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lb", "lwu", "ld", "sb", "sd"})
    void unmappedAndNonCanonicalAddressesArePageFaults(String mnemonic) {
        for (long va :
                new long[] {0, 8, 0x7FFF_FFFF_F000L, 0x8000_0000_0000L, Long.MIN_VALUE, -8, Long.MAX_VALUE - 7}) {
            GuestMachine fresh = twoDataPages();
            fresh.hart().x[5] = 99;
            fresh.hart().x[6] = va;
            fresh.run(new Code().raw(access(mnemonic)));
            assertThat(fresh.kernel.onlyTrap().cause())
                    .isEqualTo(isLoad(mnemonic) ? TrapCause.LOAD_PAGE_FAULT : TrapCause.STORE_PAGE_FAULT);
            assertThat(fresh.kernel.onlyTrap().value()).isEqualTo(va);
            assertThat(fresh.hart().x[5]).isEqualTo(99);
        }
    }

    @Test
    void aStoreToAReadOnlyPageFaultsHotOrCold() {
        guest.mapTo(DATA, guest.physical(DATA), Pte.R | Pte.U | Pte.A);
        hart.x[6] = DATA;
        guest.run(new Code().i("ld", 5, 6, 0).i("ld", 5, 6, 0).store("sd", 6, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.STORE_PAGE_FAULT);
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(GuestMachine.CODE + 8);
        assertThat(guest.readLong(DATA)).isZero();
    }

    @Test
    void aLoadFromAnExecuteOnlyPageFaults() {
        guest.mapTo(DATA, guest.physical(DATA), Pte.X | Pte.U | Pte.A);
        hart.x[6] = DATA;
        guest.run(new Code().i("ld", 5, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.LOAD_PAGE_FAULT);
    }

    @ParameterizedTest
    @CsvSource({"ld, 0", "lb, 4095", "sd, 0", "sb, 4095"})
    void aPageWithoutRamBehindItIsAnAccessFault(String mnemonic, int offset) {
        guest.mapTo(DATA, 0x2000_0000L, GuestMachine.RW);
        hart.x[6] = DATA + offset;
        guest.run(new Code().raw(access(mnemonic)));
        assertFault(mnemonic, DATA + offset, TrapCause.LOAD_ACCESS_FAULT, TrapCause.STORE_ACCESS_FAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ld", "sd"})
    void anAccessAcrossTheEndOfRamIsAnAccessFaultOfItsSecondPage(String mnemonic) {
        long end = PhysicalMemory.RAM_BASE + GuestMachine.RAM_BYTES;
        guest.mapTo(DATA, end - 4096, GuestMachine.RW);
        guest.mapTo(SECOND, end, GuestMachine.RW);
        hart.x[5] = -1;
        hart.x[6] = SECOND - 4;
        guest.run(new Code().raw(access(mnemonic)));
        assertFault(mnemonic, SECOND, TrapCause.LOAD_ACCESS_FAULT, TrapCause.STORE_ACCESS_FAULT);
        assertThat(guest.memory.isZeroFrame(end - 4096)).isTrue();
        hart.x[6] = SECOND - 8;
        guest.start(0, GuestMachine.CODE);
        guest.step();
    }

    @ParameterizedTest
    @CsvSource({"lb, 1", "lbu, 1", "lh, 2", "lhu, 2", "lw, 4", "lwu, 4", "ld, 8"})
    void aDeviceAnswersLoads(String mnemonic, int size) {
        RecordingDevice device = deviceAt(DATA);
        device.answer = 0x8182_8384_8586_8788L;
        hart.x[6] = DATA + 16;
        guest.run(new Code().i(mnemonic, 5, 6, size).i(mnemonic, 5, 6, size).ecall());
        byte[] answer = new byte[8];
        for (int n = 0; n < 8; n++) {
            answer[n] = (byte) (device.answer >>> 8 * n);
        }
        assertThat(hart.x[5]).isEqualTo(expected(mnemonic, answer, 0));
        assertThat(device.accesses).hasSize(2).allSatisfy(access -> {
            assertThat(access.isWrite()).isFalse();
            assertThat(access.offset()).isEqualTo(16 + size);
            assertThat(access.sizeBytes()).isEqualTo(size);
        });
    }

    @ParameterizedTest
    @CsvSource({"sb, 1", "sh, 2", "sw, 4", "sd, 8"})
    void aDeviceTakesStores(String mnemonic, int size) {
        RecordingDevice device = deviceAt(DATA);
        hart.x[5] = 0x1122_3344_5566_7788L;
        hart.x[6] = DATA;
        guest.run(new Code().store(mnemonic, 5, 6, size).ecall());
        long mask = size == 8 ? -1 : (1L << 8 * size) - 1;
        Access access = device.accesses.get(0);
        assertThat(device.accesses).hasSize(1);
        assertThat(access.isWrite()).isTrue();
        assertThat(access.offset()).isEqualTo(size);
        assertThat(access.sizeBytes()).isEqualTo(size);
        assertThat(access.value() & mask).isEqualTo(hart.x[5] & mask);
    }

    @Test
    void aDeviceAccessCostsItsSurchargeEveryTime() {
        RecordingDevice device = deviceAt(DATA);
        hart.x[6] = DATA;
        guest.code(
                GuestMachine.CODE, new Code().i("ld", 5, 6, 0).i("ld", 5, 6, 0).store("sd", 5, 6, 0));
        guest.start(0, GuestMachine.CODE);
        guest.step();
        long clock = hart.cycle;
        assertThat(costOfStep())
                .isEqualTo(
                        profile.instructions().load() + profile.instructions().deviceAccessCycles());
        assertThat(costOfStep())
                .isEqualTo(
                        profile.instructions().store() + profile.instructions().deviceAccessCycles());
        assertThat(device.accesses.get(1).cycle()).isBetween(clock, hart.cycle);
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"ld, 4", "lw, 2", "lh, 1", "sd, 1", "sw, 3", "sh, 4091", "ld, -4", "sd, -4", "ld, 4092", "sd, 4092"})
    void aMisalignedDeviceAccessIsAnAccessFaultThatTheDeviceDoesNotSee(String mnemonic, int offset) {
        RecordingDevice device = deviceAt(SECOND);
        guest.map(SECOND + 0x1000, GuestMachine.RW);
        hart.x[5] = -1;
        hart.x[6] = SECOND + offset;
        guest.run(new Code().raw(access(mnemonic)));
        assertThat(guest.kernel.onlyTrap().cause())
                .isEqualTo(isLoad(mnemonic) ? TrapCause.LOAD_ACCESS_FAULT : TrapCause.STORE_ACCESS_FAULT);
        assertThat(device.accesses).isEmpty();
        assertThat(guest.readLong(DATA + 4088)).isZero();
        assertThat(guest.readLong(SECOND + 0x1000)).isZero();
    }

    /** Superpages translate every page in them, and an access may cross pages inside one. */
    @Test
    void aSuperpageIsOneTranslation() {
        long va = 0x4000_0000L;
        guest.put(va, 1, Pte.leaf(PhysicalMemory.RAM_BASE + (4 << 20), GuestMachine.RW));
        hart.x[5] = 0x0102_0304_0506_0708L;
        hart.x[6] = va + 0x1F_F000;
        guest.run(new Code()
                .store("sd", 5, 6, -4)
                .i("ld", 7, 6, -4)
                .i("ld", 8, 6, 0)
                .ecall());
        assertThat(hart.x[7]).isEqualTo(hart.x[5]);
        assertThat(hart.x[8]).isEqualTo(0x0102_0304);
        assertThat(guest.memory.readInt(PhysicalMemory.RAM_BASE + (4 << 20) + 0x1F_F000))
                .isEqualTo(0x0102_0304);
        assertThat(hart.mmu().counters().dataMisses()).isEqualTo(1);
        assertThat(hart.mmu().counters().dataAccesses()).isEqualTo(5);
    }

    private void assertFault(String mnemonic, long value, TrapCause load, TrapCause store) {
        long before = hart.x[5];
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(isLoad(mnemonic) ? load : store);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(value);
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(GuestMachine.CODE);
        assertThat(hart.retired).isZero();
        assertThat(hart.x[5]).isEqualTo(before);
    }

    /** Of x5, at what x6 points to. */
    private static int access(String mnemonic) {
        return isLoad(mnemonic) ? Code.word(mnemonic, 5, 6, 0, 0) : Code.word(mnemonic, 0, 6, 5, 0);
    }

    private static boolean isLoad(String mnemonic) {
        return LOADS.contains(mnemonic);
    }

    private RecordingDevice deviceAt(long va) {
        RecordingDevice device = new RecordingDevice();
        guest.machine.bus().attach(device);
        guest.mapTo(va, RecordingDevice.BASE, GuestMachine.RW);
        return device;
    }

    private long costOfStep() {
        long before = hart.cycle;
        guest.step();
        return hart.cycle - before;
    }

    private static int[] offsets() {
        Random random = new Random(11);
        int[] offsets = new int[60];
        for (int n = 0; n < offsets.length; n++) {
            offsets[n] = n < 20 ? 4096 - 10 + n : random.nextInt(8192 - 8);
        }
        return offsets;
    }

    private byte[] randomData(long seed) {
        byte[] bytes = new byte[8192];
        new Random(seed).nextBytes(bytes);
        guest.memory.write(guest.physical(DATA), bytes, 0, 4096);
        guest.memory.write(guest.physical(SECOND), bytes, 4096, 4096);
        return bytes;
    }

    private byte[] data() {
        byte[] bytes = new byte[8192];
        guest.memory.read(guest.physical(DATA), bytes, 0, 4096);
        guest.memory.read(guest.physical(SECOND), bytes, 4096, 4096);
        return bytes;
    }

    private byte[] firstPage() {
        byte[] bytes = new byte[4096];
        guest.memory.read(guest.physical(DATA), bytes, 0, 4096);
        return bytes;
    }

    private static int size(String mnemonic) {
        return switch (mnemonic.charAt(1)) {
            case 'b' -> 1;
            case 'h' -> 2;
            case 'w' -> 4;
            default -> 8;
        };
    }

    private static long expected(String mnemonic, byte[] bytes, int offset) {
        int size = size(mnemonic);
        long value = 0;
        for (int n = size - 1; n >= 0; n--) {
            value = value << 8 | bytes[offset + n] & 0xFF;
        }
        int unused = 64 - 8 * size;
        return mnemonic.endsWith("u") ? value : value << unused >> unused;
    }
}
