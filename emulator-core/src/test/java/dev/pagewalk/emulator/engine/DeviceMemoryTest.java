package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Device memory in a user's address space, as a mapped framebuffer is: pages of the IO memory type, several in a row. */
class DeviceMemoryTest {
    private static final long BASE = 0x5000_0000L;
    private static final int PAGES = 3;
    private static final long IO = (long) Pte.PBMT_IO << Pte.PBMT_SHIFT;
    private static final long NON_CACHEABLE = (long) Pte.PBMT_NC << Pte.PBMT_SHIFT;
    private static final long DEVICE = GuestMachine.DATA + 0x10_0000;
    private static final List<String> STORES = List.of("sb", "sh", "sw", "sd");

    static final List<Long> MEMORY_TYPES = List.of(0L, NON_CACHEABLE, IO);

    private final PixelMemory pixels = new PixelMemory();
    private final GuestMachine guest = GuestMachine.of("u74");
    private final Hart hart = guest.hart();

    /** Bytes that a guest reads and writes, and a count of how often. */
    private static final class PixelMemory implements MemoryMappedDevice {
        private final byte[] bytes = new byte[PAGES * 4096];
        private int accesses;

        @Override
        public String name() {
            return "pixels";
        }

        @Override
        public long baseAddress() {
            return BASE;
        }

        @Override
        public long lengthBytes() {
            return bytes.length;
        }

        @Override
        public long read(long offset, int sizeBytes, long nowCycle) {
            assertThat(offset % sizeBytes).as("alignment").isZero();
            accesses++;
            long value = 0;
            for (int i = 0; i < sizeBytes; i++) {
                value |= (bytes[(int) offset + i] & 0xFFL) << 8 * i;
            }
            return value;
        }

        @Override
        public void write(long offset, int sizeBytes, long value, long nowCycle) {
            assertThat(offset % sizeBytes).as("alignment").isZero();
            accesses++;
            for (int i = 0; i < sizeBytes; i++) {
                bytes[(int) offset + i] = (byte) (value >>> 8 * i);
            }
        }

        @Override
        public void save(ByteArrayDataOutput out) {
            out.write(bytes);
        }

        @Override
        public void restore(ByteArrayDataInput in) {
            in.readFully(bytes);
        }
    }

    private void mapDevice(long flags) {
        guest.machine.bus().attach(pixels);
        for (int page = 0; page < PAGES; page++) {
            guest.mapTo(DEVICE + 4096L * page, BASE + 4096L * page, flags);
        }
    }

    /** Every access goes to the device, however often its page was used before. */
    @ParameterizedTest
    @FieldSource("MEMORY_TYPES")
    void storesAndLoadsOfEverySizeReachTheDeviceEachTime(long memoryType) {
        mapDevice(GuestMachine.RW | memoryType);
        Random random = new Random(memoryType);
        byte[] expected = new byte[PAGES * 4096];
        int accesses = 0;
        for (int n = 0; n < 500; n++) {
            int size = random.nextInt(4);
            int sizeBytes = 1 << size;
            int offset = random.nextInt(expected.length / sizeBytes) * sizeBytes;
            hart.x[5] = Oracle.operand(random);
            hart.x[6] = DEVICE + offset;
            for (int i = 0; i < sizeBytes; i++) {
                expected[offset + i] = (byte) (hart.x[5] >>> 8 * i);
            }
            String load = List.of("lbu", "lhu", "lwu", "ld").get(size);
            guest.code(
                    GuestMachine.CODE,
                    new Code().store(STORES.get(size), 5, 6, 0).i(load, 7, 6, 0));
            guest.start(0, GuestMachine.CODE);
            guest.step();
            guest.step();
            accesses += 2;

            assertThat(hart.x[7]).isEqualTo(hart.x[5] & -1L >>> 64 - 8 * sizeBytes);
            assertThat(pixels.bytes).isEqualTo(expected);
            assertThat(pixels.accesses).isEqualTo(accesses);
        }
        assertThat(guest.kernel.calls).isEmpty();
    }

    static List<String> misaligned() {
        return List.of("lh", "lhu", "lw", "lwu", "ld", "sh", "sw", "sd");
    }

    /** Inside a page, and from each page into the next, all of them the device's. */
    @ParameterizedTest
    @MethodSource("misaligned")
    void aMisalignedAccessIsAnAccessFaultThatTheDeviceDoesNotSee(String mnemonic) {
        mapDevice(GuestMachine.RW | IO);
        Arrays.fill(pixels.bytes, (byte) 0x5A);
        byte[] before = pixels.bytes.clone();
        boolean isLoad = mnemonic.startsWith("l");
        int sizeBytes = mnemonic.startsWith("h", 1) ? 2 : mnemonic.startsWith("w", 1) ? 4 : 8;
        for (int offset : new int[] {1, sizeBytes - 1, 4096 - sizeBytes + 1, 4095, 8191}) {
            guest.kernel.calls.clear();
            hart.x[5] = 99;
            hart.x[6] = DEVICE + offset;

            guest.run(isLoad ? new Code().i(mnemonic, 5, 6, 0) : new Code().store(mnemonic, 5, 6, 0));

            assertThat(guest.kernel.onlyTrap().cause())
                    .isEqualTo(isLoad ? TrapCause.LOAD_ACCESS_FAULT : TrapCause.STORE_ACCESS_FAULT);
            assertThat(guest.kernel.onlyTrap().value()).isEqualTo(DEVICE + offset);
            assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(GuestMachine.CODE);
            assertThat(hart.x[5]).isEqualTo(99);
        }
        assertThat(pixels.bytes).isEqualTo(before);
        assertThat(pixels.accesses).isZero();
        assertThat(hart.retired).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "amoswap.w, STORE_ACCESS_FAULT",
        "amoadd.d, STORE_ACCESS_FAULT",
        "lr.w, LOAD_ACCESS_FAULT",
        "lr.d, LOAD_ACCESS_FAULT",
        "sc.w, STORE_ACCESS_FAULT",
        "sc.d, STORE_ACCESS_FAULT",
    })
    void atomicsAreAccessFaultsThatTheDeviceDoesNotSee(String mnemonic, TrapCause cause) {
        mapDevice(GuestMachine.RW | IO);
        hart.x[5] = 99;
        hart.x[6] = DEVICE + 4096;
        hart.x[7] = -1;

        guest.run(new Code().r(mnemonic, 5, 6, mnemonic.startsWith("lr") ? 0 : 7));

        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(cause);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(DEVICE + 4096);
        assertThat(hart.x[5]).isEqualTo(99);
        assertThat(pixels.accesses).isZero();
    }

    @Test
    void deviceMemoryCannotBeExecuted() {
        mapDevice(GuestMachine.RWX | IO);
        guest.start(0, DEVICE);

        guest.machine.run();

        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_ACCESS_FAULT);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(DEVICE);
        assertThat(pixels.accesses).isZero();
    }

    @Test
    void aStoreToAReadOnlyPageOfTheDeviceIsAPageFault() {
        mapDevice(Pte.R | Pte.U | Pte.A | Pte.D | IO);
        hart.x[6] = DEVICE;
        guest.run(new Code().i("lw", 5, 6, 0).store("sw", 6, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.STORE_PAGE_FAULT);
        assertThat(pixels.accesses).isEqualTo(1);
    }

    /** How the kernel maps its own devices: the user does not reach them. */
    @Test
    void aDeviceThatIsNotTheUsersIsAPageFault() {
        mapDevice(Pte.R | Pte.W | Pte.A | Pte.D | IO);
        hart.x[6] = DEVICE;
        guest.run(new Code().i("lw", 5, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.LOAD_PAGE_FAULT);
        assertThat(pixels.accesses).isZero();
    }

    /** No host-side shortcut remembers where the page was. */
    @Test
    void afterItsPageIsUnmappedTheDeviceIsOutOfReach() {
        mapDevice(GuestMachine.RW | IO);
        hart.x[6] = DEVICE;
        guest.code(GuestMachine.CODE, new Code().store("sw", 6, 6, 0).store("sw", 6, 6, 4));
        guest.start(0, GuestMachine.CODE);
        guest.step();
        guest.put(DEVICE, 0, 0);
        hart.mmu().flush(TlbFlush.all());

        guest.machine.run();

        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.STORE_PAGE_FAULT);
        assertThat(pixels.accesses).isEqualTo(1);
    }
}
