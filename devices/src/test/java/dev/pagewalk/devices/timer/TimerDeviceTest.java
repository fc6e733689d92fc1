package dev.pagewalk.devices.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.devices.testing.RecordingInterruptPort;
import dev.pagewalk.devices.testing.Snapshots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimerDeviceTest {
    private static final long MTIME = 0x7FF8;

    private final RecordingInterruptPort port = new RecordingInterruptPort();
    private final TimerDevice timer = new TimerDevice(4, 375, port);

    @Test
    void mtimeStandsAtItsPhysicalAddress() {
        assertThat(timer.baseAddress() + MTIME).isEqualTo(0x0200_BFF8L);
        assertThat(timer.lengthBytes()).isEqualTo(0x8000);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "374, 0", "375, 1", "375000000000, 1000000000"})
    void mtimeCountsTicksOfTheClock(long nowCycle, long ticks) {
        assertThat(timer.read(MTIME, 8, nowCycle)).isEqualTo(ticks);
    }

    @Test
    void mtimeReadsInHalves() {
        TimerDevice everyCycle = new TimerDevice(1, 1, port);
        long nowCycle = 0x1234_5678_9ABC_DEF0L;
        assertThat(everyCycle.read(MTIME, 4, nowCycle)).isEqualTo(0x9ABC_DEF0L);
        assertThat(everyCycle.read(MTIME + 4, 4, nowCycle)).isEqualTo(0x1234_5678L);
    }

    @Test
    void writesToMtimeAreIgnored() {
        timer.write(MTIME, 8, 0, 7500);
        timer.write(MTIME + 4, 4, 5, 7500);

        assertThat(timer.read(MTIME, 8, 7500)).isEqualTo(20);
        assertThat(port.takeCalls()).isEmpty();
    }

    @Test
    void theInterruptComesAtTheFirstCycleOfTheTick() {
        timer.write(8 * 3, 8, 10, 1000);

        assertThat(port.takeCalls()).containsExactly("clear TIMER hart 3", "raise TIMER hart 3 at 3750");
        assertThat(timer.read(MTIME, 8, 3749)).isEqualTo(9);
        assertThat(timer.read(MTIME, 8, 3750)).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 10})
    void aTimeThatHasPassedInterruptsAtOnce(long ticks) {
        timer.write(0, 8, ticks, 4000);
        assertThat(port.takeCalls()).containsExactly("clear TIMER hart 0", "raise TIMER hart 0 at 4000");
    }

    /** Long.MAX_VALUE / 375 is 24595658764946068; the ticks below it are those whose cycle is well inside the clock. */
    @Test
    void theLastReachableTickIsStillATime() {
        timer.write(0, 8, 24_595_658_764_946_067L, 0);
        assertThat(port.takeCalls()).containsExactly("clear TIMER hart 0", "raise TIMER hart 0 at 9223372036854775125");
    }

    @ParameterizedTest
    @ValueSource(longs = {24_595_658_764_946_068L, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void aTimeThatNoClockReachesNeverInterrupts(long ticks) {
        timer.write(0, 8, ticks, 4000);
        assertThat(port.takeCalls()).containsExactly("clear TIMER hart 0");
        assertThat(timer.read(0, 8, 4000)).isEqualTo(ticks);
    }

    @Test
    void noTimerIsSetAtPowerOn() {
        assertThat(timer.read(0, 8, 0)).isEqualTo(-1);
        assertThat(timer.read(24, 8, 0)).isEqualTo(-1);
        assertThat(port.takeCalls()).isEmpty();
    }

    /** The sequence of the Privileged ISA for 32-bit harts: no half-written value interrupts early. */
    @Test
    void mtimecmpIsWrittenInHalves() {
        timer.write(8, 8, 5, 0);
        port.takeCalls();

        timer.write(8, 4, 0xFFFF_FFFFL, 0);
        timer.write(8 + 4, 4, 1, 0);
        timer.write(8, 4, 2, 0);

        assertThat(timer.read(8, 8, 0)).isEqualTo(0x1_0000_0002L);
        assertThat(timer.read(8 + 4, 4, 0)).isEqualTo(1);
        assertThat(port.takeCalls())
                .containsExactly(
                        "clear TIMER hart 1",
                        "raise TIMER hart 1 at " + 0xFFFF_FFFFL * 375,
                        "clear TIMER hart 1",
                        "raise TIMER hart 1 at " + 0x1_FFFF_FFFFL * 375,
                        "clear TIMER hart 1",
                        "raise TIMER hart 1 at " + 0x1_0000_0002L * 375);
    }

    @Test
    void theUpperHalfDoesNotDependOnTheRestOfTheWrittenRegister() {
        timer.write(4, 4, 0xAAAA_BBBB_0000_0001L, 0);
        assertThat(timer.read(0, 8, 0)).isEqualTo(0x1_FFFF_FFFFL);
    }

    @ParameterizedTest
    @ValueSource(longs = {32, 0x4000, 0x7FF0})
    void registersWithoutAHartReadZeroAndDoNothing(long offset) {
        timer.write(offset, 8, 1, 0);
        assertThat(timer.read(offset, 8, 0)).isZero();
        assertThat(port.takeCalls()).isEmpty();
    }

    @Test
    void aRestoredTimerReadsAsTheSavedOne() {
        timer.write(8, 8, 77, 0);
        byte[] saved = Snapshots.save(timer);
        TimerDevice restored = new TimerDevice(4, 375, port);
        port.takeCalls();

        Snapshots.restore(restored, saved);

        assertThat(restored.read(8, 8, 0)).isEqualTo(77);
        assertThat(restored.read(0, 8, 0)).isEqualTo(-1);
        assertThat(Snapshots.save(restored)).isEqualTo(saved);
        assertThat(port.takeCalls()).isEmpty();
    }

    @Test
    void aTickHasAtLeastOneCycle() {
        assertThatThrownBy(() -> new TimerDevice(1, 0, port)).isInstanceOf(IllegalArgumentException.class);
    }
}
