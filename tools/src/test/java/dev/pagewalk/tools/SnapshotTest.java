package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.testing.TestGuest;
import dev.pagewalk.tools.testing.TestedEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A machine restored from a snapshot, at whatever moment it was taken, goes on as if nothing had happened. */
class SnapshotTest {
    private static final long SEED = 4096;
    private static final int MOMENTS = 12;
    private static final int MOMENTS_OF_A_LONG_GUEST = 3;
    private static final long LONG_CYCLES = 1_000_000;

    static List<String> guests() {
        return ImageCatalog.names();
    }

    @ParameterizedTest
    @MethodSource("guests")
    void aRestoredGuestEndsWithTheSameStatistics(String name) {
        Random random = new Random(SEED + name.hashCode());
        MachineConfig config = config(random);
        TestGuest undisturbed = TestGuest.booted(name, config);
        undisturbed.finish();
        long cycles = undisturbed.assembly().machine().longestCycle();
        int moments = cycles > LONG_CYCLES ? MOMENTS_OF_A_LONG_GUEST : MOMENTS;
        for (int i = 0; i < moments; i++) {
            long cycle = i == 0 ? 0 : random.nextLong(cycles);
            boolean amidASlice = random.nextBoolean();
            String moment = String.format(
                    "seed %d, %s, cycle %d, %s", SEED, name, cycle, amidASlice ? "amid a slice" : "between slices");
            // A snapshot knows nothing of the engine: each has those of the other to restore.
            TestedEngine before = i % 2 == 0 ? TestedEngine.INTERPRETER : TestedEngine.TRANSLATOR;
            TestedEngine after = (i + random.nextInt(2)) % 2 == 0 ? TestedEngine.INTERPRETER : TestedEngine.TRANSLATOR;
            TestGuest original = TestGuest.booted(name, config, before.options(), KernelConfig.quiet());
            stop(original, cycle, amidASlice);

            MachineSnapshot snapshot = original.assembly().machine().snapshot();
            String printedBefore = original.console();
            TestGuest restored = TestGuest.poweredOn(name, config, after.options());
            restored.assembly().machine().restore(snapshot);

            assertThat(restored.assembly().machine().snapshot().state())
                    .as("a snapshot of the restored machine: %s", moment)
                    .isEqualTo(snapshot.state());
            assertThat(restored.statistics()).as(moment).isEqualTo(original.statistics());
            restored.finish();
            original.finish();
            assertThat(restored.statistics()).as("restored: %s", moment).isEqualTo(undisturbed.statistics());
            assertThat(original.statistics()).as("gone on: %s", moment).isEqualTo(undisturbed.statistics());
            assertThat(printedBefore + restored.console()).as(moment).isEqualTo(undisturbed.console());
        }
    }

    @ParameterizedTest
    @MethodSource("guests")
    void machinesInTheSameStateHaveEqualSnapshots(String name) {
        Random random = new Random(SEED - name.hashCode());
        MachineConfig config = config(random);
        TestGuest straight = TestGuest.booted(name, config, TestedEngine.TRANSLATOR.options(), KernelConfig.quiet());
        TestGuest inSteps = TestGuest.booted(name, config);
        long cycle = 1_000 + random.nextLong(20_000);

        straight.pauseAt(cycle);
        for (int step = 1; step <= 5; step++) {
            inSteps.pauseAt(cycle * step / 5);
        }

        assertThat(inSteps.assembly().machine().snapshot().state())
                .as("seed %d, cycle %d", SEED, cycle)
                .isEqualTo(straight.assembly().machine().snapshot().state());
        assertThat(inSteps.statistics()).isEqualTo(straight.statistics());
    }

    /** A machine may go back to its own past, over code that it has decoded or translated, and pages that it has freed. */
    @ParameterizedTest
    @MethodSource("guests")
    void aMachineThatHasEndedCanGoBack(String name) {
        TestGuest guest =
                TestGuest.booted(name, TestGuest.config(), TestedEngine.TRANSLATOR.options(), KernelConfig.quiet());
        guest.pauseAt(3_000);
        MachineSnapshot snapshot = guest.assembly().machine().snapshot();
        guest.finish();
        String statistics = guest.statistics();

        guest.assembly().machine().restore(snapshot);
        guest.finish();

        assertThat(guest.statistics()).isEqualTo(statistics);
    }

    @Test
    void theEndIsAStateToo() {
        TestGuest guest = TestGuest.booted("wild-pointer", TestGuest.config());
        guest.finish();

        TestGuest restored = TestGuest.poweredOn("wild-pointer", TestGuest.config());
        restored.assembly().machine().restore(guest.assembly().machine().snapshot());

        assertThat(restored.assembly().machine().run()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(restored.statistics()).isEqualTo(guest.statistics());
    }

    private static void stop(TestGuest guest, long cycle, boolean amidASlice) {
        RunStop stop =
                amidASlice ? guest.pauseAt(cycle) : guest.assembly().machine().run(cycle, Long.MAX_VALUE);
        assertThat(stop).isIn(RunStop.PAUSED, RunStop.CYCLE_LIMIT, RunStop.POWERED_OFF);
    }

    private static MachineConfig config(Random random) {
        List<PagingMode> modes = List.of(PagingMode.values());
        List<String> profiles = new ArrayList<>();
        TimingProfiles.list().forEach(profile -> profiles.add(profile.name()));
        return TestGuest.config(modes.get(random.nextInt(modes.size())), profiles.get(random.nextInt(profiles.size())));
    }
}
