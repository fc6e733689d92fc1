package dev.pagewalk.devices.interrupt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.devices.testing.RecordingInterruptPort;
import dev.pagewalk.devices.testing.Snapshots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftwareInterruptControllerTest {
    private static final long NOW = 100;

    private final RecordingInterruptPort port = new RecordingInterruptPort();
    private final SoftwareInterruptController mswi = new SoftwareInterruptController(64, () -> 1500, port);

    @Test
    void occupiesTheRangeOfMswi() {
        assertThat(mswi.baseAddress()).isEqualTo(0x0200_0000L);
        assertThat(mswi.lengthBytes()).isEqualTo(0x4000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 63})
    void writingOneInterruptsThatHartOneLatencyLater(int hartId) {
        mswi.write(4L * hartId, 4, 1, NOW);

        assertThat(port.takeCalls()).containsExactly("raise SOFTWARE hart " + hartId + " at 1600");
        for (int other = 0; other < 64; other++) {
            assertThat(mswi.read(4L * other, 4, NOW)).isEqualTo(other == hartId ? 1 : 0);
        }
    }

    @Test
    void everyInterruptHasALatencyOfItsOwn() {
        long[] latencyCycles = {1500};
        SoftwareInterruptController varying = new SoftwareInterruptController(64, () -> latencyCycles[0]++, port);

        varying.write(0, 8, 0x1_0000_0001L, NOW);
        varying.write(8, 4, 1, NOW);

        assertThat(port.takeCalls())
                .containsExactly(
                        "raise SOFTWARE hart 0 at 1600",
                        "raise SOFTWARE hart 1 at 1601",
                        "raise SOFTWARE hart 2 at 1602");
    }

    @Test
    void writingZeroWithdrawsIt() {
        mswi.write(8, 4, 1, NOW);
        port.takeCalls();

        mswi.write(8, 4, 0, NOW);

        assertThat(port.takeCalls()).containsExactly("clear SOFTWARE hart 2");
        assertThat(mswi.read(8, 4, NOW)).isZero();
    }

    @Test
    void onlyBitZeroSticks() {
        mswi.write(0, 4, 0xFFFF_FFFFL, NOW);
        assertThat(mswi.read(0, 4, NOW)).isEqualTo(1);

        mswi.write(0, 4, 0xFFFF_FFFEL, NOW);
        assertThat(mswi.read(0, 4, NOW)).isZero();
    }

    @Test
    void anEightByteAccessCoversTwoHarts() {
        mswi.write(0, 8, 0x1_0000_0000L, NOW);

        assertThat(port.takeCalls()).containsExactly("clear SOFTWARE hart 0", "raise SOFTWARE hart 1 at 1600");
        assertThat(mswi.read(0, 8, NOW)).isEqualTo(0x1_0000_0000L);
    }

    @Test
    void theUpperBytesOfARegisterAreHardwiredToZero() {
        mswi.write(4, 1, 1, NOW);
        port.takeCalls();

        mswi.write(5, 1, 1, NOW);
        mswi.write(6, 2, 0, NOW);

        assertThat(port.takeCalls()).isEmpty();
        assertThat(mswi.read(4, 1, NOW)).isEqualTo(1);
        assertThat(mswi.read(5, 1, NOW)).isZero();
        assertThat(mswi.read(6, 2, NOW)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 0x100, 0x3FF8, 0x3FFC})
    void registersWithoutAHartReadZeroAndDoNothing(long offset) {
        SoftwareInterruptController twoHarts = new SoftwareInterruptController(2, () -> 1500, port);

        twoHarts.write(offset, 4, 1, NOW);

        assertThat(port.takeCalls()).isEmpty();
        assertThat(twoHarts.read(offset, 4, NOW)).isZero();
    }

    @Test
    void aRestoredControllerReadsAsTheSavedOne() {
        mswi.write(0, 4, 1, NOW);
        mswi.write(252, 4, 1, NOW);
        byte[] saved = Snapshots.save(mswi);
        SoftwareInterruptController restored = new SoftwareInterruptController(64, () -> 1500, port);
        port.takeCalls();

        Snapshots.restore(restored, saved);

        assertThat(restored.read(0, 4, NOW)).isEqualTo(1);
        assertThat(restored.read(4, 4, NOW)).isZero();
        assertThat(restored.read(252, 4, NOW)).isEqualTo(1);
        assertThat(Snapshots.save(restored)).isEqualTo(saved);
        // What is under way belongs to the machine's event queue.
        assertThat(port.takeCalls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65, -1})
    void harts1To64AreAllowed(int harts) {
        assertThatThrownBy(() -> new SoftwareInterruptController(harts, () -> 1500, port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 64");
    }
}
