package dev.pagewalk.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestFramebuffer;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramebufferDriverTest {
    private static final int LENGTH = 3 * 4096;

    private final TestFramebuffer device = new TestFramebuffer();
    private final PhysicalBus bus = bus();
    private final DeviceBus deviceBus =
            new DeviceBus(bus, new CostMeter(TimingProfiles.find("ideal").kernel()), 1);
    private final FramebufferDriver driver = driver();

    private static PhysicalBus bus() {
        PhysicalMemory ram = new PhysicalMemory(1 << 20);
        return new PhysicalBus(ram, new StoreGuards(ram));
    }

    private FramebufferDriver driver() {
        bus.attach(device);
        return FramebufferDriver.find(deviceBus).orElseThrow();
    }

    @Test
    void aMachineMayHaveNoFramebuffer() {
        DeviceBus empty =
                new DeviceBus(bus(), new CostMeter(TimingProfiles.find("ideal").kernel()), 1);
        assertThat(FramebufferDriver.find(empty)).isEmpty();
    }

    @Test
    void whatTheRegistersSayIsWhatTheDriverKnows() {
        assertThat(driver.width()).isEqualTo(1000);
        assertThat(driver.height()).isEqualTo(3);
        assertThat(driver.strideBytes()).isEqualTo(4096);
        assertThat(driver.lengthBytes()).isEqualTo(LENGTH);
        assertThat(driver.physicalAddress()).isEqualTo(0x5000_2000L);
        assertThat(driver.info()).isEqualTo(new ScreenInfo(1000, 3, 4096, 0x5000_2000L, LENGTH));
    }

    @ParameterizedTest
    @CsvSource({"0, 12288, 0x50002000", "4096, 8192, 0x50003000", "8192, 4096, 0x50004000"})
    @Tag("S8")
    void aMappingShowsAPartOfThePixels(long offset, long lengthBytes, String address) throws KernelException {
        assertThat(driver.mappedAddress(offset, lengthBytes)).isEqualTo((long) Long.decode(address));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 16384",
        "4096, 12288",
        "12288, 4096",
        "16384, 4096",
        "-4096, 4096",
        "0, 9223372036854771712",
        "9223372036854771712, 4096",
        "9223372036854771712, 9223372036854771712",
    })
    @Tag("S8")
    void aMappingDoesNotReachBeyondThePixels(long offset, long lengthBytes) {
        assertThat(Errors.of(() -> driver.mappedAddress(offset, lengthBytes))).isEqualTo(KernelError.INVALID_ARGUMENT);
    }

    @Test
    void readAndWriteMoveAnyBytes() {
        Random random = new Random(5);
        byte[] expected = new byte[LENGTH];
        for (int n = 0; n < 2_000; n++) {
            int offset = random.nextInt(LENGTH);
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            int count = Math.min(bytes.length, LENGTH - offset);
            if (random.nextBoolean()) {
                assertThat(driver.write(offset, bytes, bytes.length)).isEqualTo(count);
                System.arraycopy(bytes, 0, expected, offset, count);
            }
            byte[] read = bytes.clone();
            assertThat(driver.read(offset, read, read.length)).isEqualTo(count);
            System.arraycopy(expected, offset, bytes, 0, count);
            assertThat(read).isEqualTo(bytes);
        }
        byte[] pixels = new byte[LENGTH];
        device.pixels().get(pixels);
        assertThat(pixels).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"12288", "12289", "4294967296", "9223372036854775807"})
    void thereIsNothingBeyondTheEnd(long offset) {
        byte[] bytes = {1, 2, 3};
        assertThat(driver.read(offset, bytes, 3)).isZero();
        assertThat(driver.write(offset, bytes, 3)).isZero();
        assertThat(bytes).containsExactly(1, 2, 3);
        byte[] pixels = new byte[LENGTH];
        device.pixels().get(pixels);
        assertThat(pixels).containsOnly(0);
    }

    @Test
    void aShortLengthLeavesTheRestOfTheBufferAlone() {
        byte[] bytes = new byte[8];
        Arrays.fill(bytes, (byte) 7);
        assertThat(driver.read(0, bytes, 3)).isEqualTo(3);
        assertThat(bytes).containsExactly(0, 0, 0, 7, 7, 7, 7, 7);
    }
}
