package dev.pagewalk.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.LongSummaryStatistics;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why and exactly where a run ends. */
class RunStopTest {
    private static final long CODE = GuestMachine.CODE;

    private final RecordingDevice device = new RecordingDevice();

    /** Harts that spin, and at CODE + 0x800 code that writes x5 to the device first. */
    private GuestMachine spinners(int harts) {
        GuestMachine guest = GuestMachine.of("ideal", harts);
        guest.machine.bus().attach(device);
        guest.map(CODE, GuestMachine.RX);
        guest.mapTo(GuestMachine.DATA, RecordingDevice.BASE, GuestMachine.RW);
        guest.code(CODE, new Code().label("spin").jal(0, "spin"));
        guest.code(
                CODE + 0x800,
                new Code()
                        .li(6, GuestMachine.DATA)
                        .store("sd", 5, 6, 0)
                        .label("spin")
                        .jal(0, "spin"));
        for (int id = 0; id < harts; id++) {
            guest.start(id, CODE);
        }
        return guest;
    }

    @Test
    void aLoneHartStopsAtTheInstructionThatReachesTheLimitAndGoesOn() {
        GuestMachine guest = spinners(1);
        assertThat(guest.machine.run(1000, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().cycle).isEqualTo(1000);
        assertThat(guest.machine.run(1000, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().cycle).isEqualTo(1000);
        assertThat(guest.machine.run(1234, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().cycle).isEqualTo(1234);
    }

    @Test
    void aDistantEventDoesNotMakeALoneHartOverrunTheLimit() {
        GuestMachine guest = spinners(2);
        guest.hart(1).enter(HartPhase.IDLE);
        guest.machine.raise(0, InterruptLine.TIMER, 1L << 50);
        assertThat(guest.machine.run(1000, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().cycle).isEqualTo(1000);
    }

    @Test
    void ofSeveralHartsTheLastOneStopsAtTheLimitAndNoneIsMoreThanAQuantumBeyond() {
        GuestMachine guest = spinners(5);
        long quantum = guest.machine.config().quantumCycles();
        for (long limit = 10_001; limit < 20_000; limit += 333) {
            assertThat(guest.machine.run(limit, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
            LongSummaryStatistics clocks =
                    guest.machine.harts().stream().mapToLong(hart -> hart.cycle).summaryStatistics();
            assertThat(clocks.getMin()).isEqualTo(limit);
            assertThat(clocks.getMax()).isLessThan(limit + quantum);
        }
    }

    @Test
    void theLimitHoldsForEventsToo() {
        GuestMachine guest = spinners(1);
        guest.kernel.onTrap = (hart, cause, value) -> {
            hart.charge(1_000_000);
            return KernelStep.RESUME;
        };
        guest.machine.raise(0, InterruptLine.SOFTWARE, 500);
        assertThat(guest.machine.run(1000, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().phase()).isEqualTo(HartPhase.BUSY);
        assertThat(guest.machine.run(1_000_500, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().phase()).isEqualTo(HartPhase.BUSY);
        assertThat(guest.machine.run(1_000_501, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().phase()).isEqualTo(HartPhase.RUNNING);
        assertThat(guest.hart().cycle).isEqualTo(1_000_501);
    }

    @Test
    void aPauseStopsAtTheNextInstructionBoundary() {
        GuestMachine guest = spinners(1);
        assertThat(guest.machine.run(Long.MAX_VALUE, 700)).isEqualTo(RunStop.PAUSED);
        assertThat(guest.hart().cycle).isEqualTo(700);
        assertThat(guest.machine.run(Long.MAX_VALUE, 700)).isEqualTo(RunStop.PAUSED);
        assertThat(guest.hart().cycle).isEqualTo(700);
        assertThat(guest.machine.run(800, 900)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(guest.hart().cycle).isEqualTo(800);
    }

    @Test
    void withoutAClockAndAnEventTheMachineIsDeadlocked() {
        GuestMachine guest = GuestMachine.of("ideal", 3);
        assertThat(guest.machine.run()).isEqualTo(RunStop.DEADLOCK);
        guest.machine.raise(2, InterruptLine.SOFTWARE, 77);
        assertThat(guest.machine.run()).isEqualTo(RunStop.DEADLOCK);
        assertThat(guest.kernel.calls).hasSize(2);
    }

    @Test
    void powerOffByAStoreEndsTheRunWithThatInstruction() {
        GuestMachine guest = spinners(3);
        device.onWrite = (offset, value, nowCycle) -> guest.machine.powerOff((int) value);
        guest.hart(1).x[5] = 42;
        guest.start(1, CODE + 0x800);
        assertThat(guest.machine.run()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(guest.machine.exitStatus()).isEqualTo(42);
        assertThat(guest.hart(1).retired).isEqualTo(2);
        long cycle = guest.hart(1).cycle;
        assertThat(guest.machine.run()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(guest.hart(1).cycle).isEqualTo(cycle);
    }

    @Test
    void powerOffByTheKernelEndsTheRunWithItsStep() {
        GuestMachine guest = spinners(2);
        guest.kernel.onTrap = (hart, cause, value) -> {
            guest.machine.powerOff(7);
            return KernelStep.RESUME;
        };
        guest.machine.raise(1, InterruptLine.TIMER, 3000);
        assertThat(guest.machine.run()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(guest.machine.exitStatus()).isEqualTo(7);
        assertThat(guest.kernel.calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    @Timeout(60)
    void anotherThreadMayStopTheMachineInTheMiddleOfALoop(int harts) throws InterruptedException {
        GuestMachine guest = spinners(harts);
        CountDownLatch inTheGuest = new CountDownLatch(1);
        device.onWrite = (offset, value, nowCycle) -> inTheGuest.countDown();
        guest.start(0, CODE + 0x800);
        Thread other = new Thread(() -> {
            try {
                inTheGuest.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            guest.machine.requestStop();
        });
        other.start();
        assertThat(guest.machine.run()).isEqualTo(RunStop.STOP_REQUESTED);
        other.join();
        // The request is used up.
        assertThat(guest.machine.run(guest.machine.longestCycle() + 10_000, Long.MAX_VALUE))
                .isEqualTo(RunStop.CYCLE_LIMIT);
    }

    @Test
    void aConfigurationOutOfRangeIsRefused() {
        TimingProfile profile = TimingProfiles.find("u74");
        assertThatThrownBy(() -> new MachineConfig(0, 1 << 20, PagingMode.SV39, profile))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("harts must be 1 to 64, not 0");
        assertThatThrownBy(() -> new MachineConfig(65, 1 << 20, PagingMode.SV39, profile))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MachineConfig(1, 1 << 20, PagingMode.SV39, profile, 1501))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the quantum must be 1 to 1500 cycles with profile u74, not 1501");
        assertThatThrownBy(() -> new MachineConfig(1, 1 << 20, PagingMode.SV39, profile, 0))
                .isInstanceOf(IllegalArgumentException.class);
        MachineConfig tooSmall = new MachineConfig(1, 4096, PagingMode.SV39, profile);
        assertThatThrownBy(() -> new Machine(tooSmall)).isInstanceOf(IllegalArgumentException.class);
    }
}
