package dev.pagewalk.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.RandomGuest;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.testing.RecordingDevice.Access;
import dev.pagewalk.emulator.testing.ScriptedKernel.Call;
import dev.pagewalk.emulator.testing.ScriptedKernel.Kind;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order harts execute: design, section 4. A device that all of them write to sees it. */
class InterleavingTest {
    private static final long CODE = GuestMachine.CODE;
    private static final long DEVICE = GuestMachine.DATA;

    private final RecordingDevice device = new RecordingDevice();

    /** Harts that write their number to the device with every other instruction, at one cycle an instruction. */
    private GuestMachine writers(int harts, long quantumCycles) {
        return writers(harts, quantumCycles, OptionalLong.empty());
    }

    private GuestMachine writers(int harts, long quantumCycles, OptionalLong seed) {
        GuestMachine guest = new GuestMachine(new MachineConfig(
                harts, GuestMachine.RAM_BYTES, PagingMode.SV48, TimingProfiles.find("ideal"), quantumCycles, seed));
        guest.machine.bus().attach(device);
        guest.map(CODE, GuestMachine.RX);
        guest.mapTo(DEVICE, RecordingDevice.BASE, GuestMachine.RW);
        guest.code(CODE, new Code().label("loop").store("sd", 5, 6, 0).jal(0, "loop"));
        guest.code(CODE + 0x800, new Code().store("sd", 5, 6, 8).ecall());
        for (int id = 0; id < harts; id++) {
            guest.hart(id).x[5] = id;
            guest.hart(id).x[6] = DEVICE;
            // Fills the TLBs: from then on every instruction costs one cycle.
            guest.start(id, CODE + 0x800);
            guest.machine.run();
            guest.hart(id).pc = CODE;
        }
        device.accesses.clear();
        guest.kernel.calls.clear();
        return guest;
    }

    private static void startAt(GuestMachine guest, long... cycles) {
        for (int id = 0; id < cycles.length; id++) {
            guest.hart(id).cycle = cycles[id];
            guest.start(id, CODE);
        }
    }

    @Test
    void theSmallestClockRunsUntilItIsOneQuantumAheadOfTheNext() {
        GuestMachine guest = writers(2, 100);
        startAt(guest, 0, 50);
        guest.machine.run(600, Long.MAX_VALUE);
        List<Long> expected = new ArrayList<>();
        expect(expected, 0, 0, 150);
        expect(expected, 1, 50, 250);
        expect(expected, 0, 150, 350);
        expect(expected, 1, 250, 450);
        expect(expected, 0, 350, 550);
        assertThat(trace()).startsWith(expected.toArray(Long[]::new));
    }

    @Test
    void ofEqualClocksTheLowestIdGoesFirst() {
        GuestMachine guest = writers(3, 10);
        startAt(guest, 20, 20, 20);
        guest.machine.run(60, Long.MAX_VALUE);
        List<Long> expected = new ArrayList<>();
        expect(expected, 0, 20, 30);
        expect(expected, 1, 20, 30);
        expect(expected, 2, 20, 40);
        expect(expected, 0, 30, 40);
        expect(expected, 1, 30, 50);
        assertThat(trace()).startsWith(expected.toArray(Long[]::new));
    }

    @Test
    void aSliceEndsAtTheInstructionThatReachesItsDeadline() {
        GuestMachine guest = writers(2, 101);
        startAt(guest, 0, 0);
        guest.machine.run(500, Long.MAX_VALUE);
        List<Long> expected = new ArrayList<>();
        expect(expected, 0, 0, 101);
        expect(expected, 1, 0, 202);
        expect(expected, 0, 102, 303);
        expect(expected, 1, 202, 404);
        assertThat(trace()).startsWith(expected.toArray(Long[]::new));
    }

    @Test
    void anEventEndsSlicesAtItsCycle() {
        GuestMachine guest = writers(2, 1500);
        startAt(guest, 0, 50);
        guest.machine.raise(1, InterruptLine.SOFTWARE, 70);
        guest.kernel.onTrap = (hart, cause, value) -> KernelStep.RESUME;
        guest.machine.run(100, Long.MAX_VALUE);
        assertThat(guest.kernel.onlyTrap().cycle()).isEqualTo(70);
        assertThat(trace().subList(0, 46)).isEqualTo(concat(at(0, 0, 70), at(1, 50, 70), at(0, 70, 72)));
    }

    @Test
    void aStoreThatRaisesAnEarlierEventShortensItsOwnSlice() {
        GuestMachine guest = writers(1, 1500);
        device.onWrite = (offset, value, nowCycle) -> {
            if (nowCycle == 20) {
                guest.machine.raise(0, InterruptLine.EXTERNAL, nowCycle + 11);
            }
        };
        startAt(guest, 0);
        guest.machine.run();
        Call trap = guest.kernel.onlyTrap();
        assertThat(trap.cycle()).isEqualTo(31);
        assertThat(trap.pc()).isEqualTo(CODE + 4);
        assertThat(guest.hart().retired - 1).isEqualTo(31);
    }

    @Test
    void aStoreThatRaisesAnInterruptForNowIsInterruptedAtItsEnd() {
        GuestMachine guest = writers(2, 1500);
        device.onWrite = (offset, value, nowCycle) -> {
            if (nowCycle == 20 && value == 0) {
                guest.machine.raise(0, InterruptLine.SOFTWARE, nowCycle);
            }
        };
        startAt(guest, 0, 0);
        guest.machine.run(200, Long.MAX_VALUE);
        Call trap = guest.kernel.onlyTrap();
        assertThat(trap.cycle()).isEqualTo(21);
        assertThat(trap.pc()).isEqualTo(CODE + 4);
    }

    @Test
    void kernelStepsWaitUntilTheirClockIsTheSmallest() {
        GuestMachine guest = writers(2, 100);
        guest.code(
                CODE,
                new Code().label("loop").store("sd", 5, 6, 0).jal(0, "loop").ecall());
        startAt(guest, 0, 0);
        // Hart 0 traps at once, at 30; hart 1 is at 0 and goes first, to its deadline.
        guest.hart(0).pc = CODE + 8;
        guest.hart(0).cycle = 30;
        List<Long> clocksOfOther = new ArrayList<>();
        guest.kernel.onTrap = (hart, cause, value) -> {
            clocksOfOther.add(guest.hart(1).cycle);
            return KernelStep.IDLE;
        };
        guest.machine.run(60, Long.MAX_VALUE);
        assertThat(guest.kernel.onlyTrap().cycle()).isEqualTo(30);
        assertThat(clocksOfOther.get(0)).isGreaterThanOrEqualTo(30);
    }

    /** A hart that is left behind writes late: how late, the trace tells. */
    @ParameterizedTest
    @CsvSource({"2, 1", "3, 7", "8, 100", "16, 1500"})
    void noHartRunsAheadByMoreThanAQuantumAndAnInstruction(int harts, long quantumCycles) {
        GuestMachine guest = writers(harts, quantumCycles);
        Random random = new Random(harts);
        startAt(
                guest,
                LongStream.generate(() -> random.nextInt(3000)).limit(harts).toArray());
        guest.machine.run(20_000, Long.MAX_VALUE);
        long farthest = 0;
        long[] latest = new long[harts];
        for (Access access : device.accesses) {
            int id = (int) access.value();
            for (int other = 0; other < harts; other++) {
                farthest = Math.max(farthest, latest[other] - access.cycle());
            }
            latest[id] = access.cycle();
        }
        assertThat(farthest).isBetween(quantumCycles > 10 ? quantumCycles - 2 : 0, quantumCycles + 1);
    }

    @Test
    void aSeedIsAnInterleavingAndAnotherSeedAnother() {
        Set<List<Long>> seen = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            List<Long> trace = traceOf(seed);
            assertThat(traceOf(seed)).as("seed %d", seed).isEqualTo(trace);
            seen.add(trace);
        }
        assertThat(seen).hasSize(20);
    }

    private static List<Long> traceOf(long seed) {
        InterleavingTest fresh = new InterleavingTest();
        startAndRun(fresh.writers(3, 100, OptionalLong.of(seed)), 4000);
        return fresh.trace();
    }

    private static void startAndRun(GuestMachine guest, long limitCycle) {
        startAt(guest, new long[guest.machine.harts().size()]);
        guest.machine.run(limitCycle, Long.MAX_VALUE);
    }

    @Test
    void aSeedVariesHowFarHartsRunAheadUpToTheQuantum() {
        GuestMachine guest = writers(2, 100, OptionalLong.of(1));
        startAndRun(guest, 200_000);
        long[] latest = new long[2];
        int[] slices = new int[100];
        for (int n = 1; n < device.accesses.size(); n++) {
            Access before = device.accesses.get(n - 1);
            Access access = device.accesses.get(n);
            latest[(int) before.value()] = before.cycle();
            if (before.value() != access.value()) {
                // A slice of the other hart's has ended, this far ahead of this one.
                slices[(int) Math.max(0, before.cycle() - access.cycle())]++;
            }
        }
        assertThat(latest[0]).isGreaterThan(190_000);
        // Writes fall on even cycles.
        assertThat(Arrays.stream(slices).filter(count -> count > 0).count()).isEqualTo(50);
    }

    @Test
    void stopsDoNotChangeWhatASeedDraws() {
        startAndRun(writers(4, 97, OptionalLong.of(5)), 3000);
        List<Access> expected = List.copyOf(device.accesses);
        InterleavingTest other = new InterleavingTest();
        GuestMachine cut = other.writers(4, 97, OptionalLong.of(5));
        startAt(cut, 0, 0, 0, 0);
        for (long limit = 10; limit <= 3000; limit += 10) {
            cut.machine.run(limit, Long.MAX_VALUE);
        }
        assertThat(other.device.accesses).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"ideal, 16", "u74, 16", "skylake, 5", "rocket, 2"})
    void kernelStepsAreInTheOrderOfSimulatedTime(String name, int harts) {
        TimingProfile profile = TimingProfiles.find(name);
        for (long seed = 1; seed <= 4; seed++) {
            for (long quantum : new long[] {17, profile.crossHart().quantumCycles()}) {
                MachineConfig config = new MachineConfig(
                        harts, GuestMachine.RAM_BYTES, PagingMode.SV48, profile, quantum, OptionalLong.of(seed));
                GuestMachine guest = RandomGuest.create(config, seed, 10);
                assertThat(guest.machine.run()).isEqualTo(RunStop.DEADLOCK);
                List<Call> calls = guest.kernel.calls;
                assertThat(calls).as("seed %d", seed).hasSizeGreaterThan(100);
                assertThat(calls).extracting(Call::kind).contains(Kind.values());
                for (int n = 1; n < calls.size(); n++) {
                    assertThat(calls.get(n).cycle())
                            .as("seed %d, quantum %d, call %d", seed, quantum, n)
                            .isGreaterThanOrEqualTo(calls.get(n - 1).cycle());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void pausesDoNotChangeWhatTheDeviceSees(long seed) {
        GuestMachine straight = writers(4, 97);
        startAt(straight, 0, 3, 100, 500);
        straight.machine.run(3000, Long.MAX_VALUE);
        List<Access> expected = List.copyOf(device.accesses);
        device.accesses.clear();

        InterleavingTest other = new InterleavingTest();
        GuestMachine cut = other.writers(4, 97);
        startAt(cut, 0, 3, 100, 500);
        Random random = new Random(seed);
        long pause = 0;
        while (cut.machine.run(3000, pause) == RunStop.PAUSED) {
            pause = cut.machine.harts().stream()
                            .mapToLong(hart -> hart.cycle)
                            .min()
                            .orElseThrow()
                    + 1
                    + random.nextInt(250);
            if (random.nextInt(4) == 0) {
                pause = cut.machine.longestCycle() + 1;
            }
        }
        assertThat(other.device.accesses).isEqualTo(expected);
    }

    @Test
    void aHartWithoutAClockHoldsNobodyUp() {
        GuestMachine guest = writers(3, 10);
        guest.hart(0).cycle = 0;
        guest.start(0, CODE);
        guest.machine.run(100_000, Long.MAX_VALUE);
        assertThat(trace()).isEqualTo(at(0, 0, 100_000));
    }

    private List<Long> trace() {
        return device.accesses.stream()
                .map(access -> access.value() * 1_000_000 + access.cycle())
                .toList();
    }

    /** The writes of a hart that executes from an even cycle to another, as {@link #trace} gives them. */
    private static List<Long> at(int id, long fromCycle, long toCycle) {
        List<Long> writes = new ArrayList<>();
        expect(writes, id, fromCycle, toCycle);
        return writes;
    }

    private static void expect(List<Long> writes, int id, long fromCycle, long toCycle) {
        for (long cycle = fromCycle; cycle < toCycle; cycle += 2) {
            writes.add(id * 1_000_000 + cycle);
        }
    }

    @SafeVarargs
    private static List<Long> concat(List<Long>... parts) {
        List<Long> all = new ArrayList<>();
        for (List<Long> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
