package dev.pagewalk.tools.debug.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.testing.DebuggedTestGuest;
import dev.pagewalk.tools.testing.TestGuest;
import dev.pagewalk.tools.testing.TestedEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who stops a guest, steps it, and goes back and forth, changes nothing: it ends as if nobody had been there. */
class DebuggedRunTest {
    private static final int STOPS = Integer.getInteger("stops", 60);
    private static final long SEED = Long.getLong("seed", 1);

    record Case(TestedEngine engine, String guest, int harts, String policy, boolean sanitize, long seed) {
        MachineConfig machine() {
            return machineOf(harts, seed);
        }

        KernelConfig kernel() {
            return KernelConfig.quiet().withShootdownPolicy(policy).withSanitizer(sanitize);
        }
    }

    static MachineConfig machineOf(int harts, long seed) {
        var profile = TimingProfiles.find(TimingProfiles.DEFAULT_NAME);
        return new MachineConfig(
                harts,
                64 << 20,
                PagingMode.SV48,
                profile,
                profile.crossHart().quantumCycles(),
                seed == 0 ? OptionalLong.empty() : OptionalLong.of(seed));
    }

    static List<Case> cases() {
        return Stream.of(TestedEngine.values())
                .flatMap(engine -> cases(engine).stream())
                .toList();
    }

    private static List<Case> cases(TestedEngine engine) {
        List<String> guests = List.of(
                "threads-counter",
                "fork-cow",
                "fork-storm",
                "exec-chain",
                "shared-memory",
                "producer-consumer",
                "mprotect-race",
                "shootdown-storm",
                "latr-micro",
                "debug-fork",
                "debug-threads",
                "debug-unmap",
                "debug-crash",
                "cow-race");
        List<String> policies = List.of("targeted", "latr", "early-ack");
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < guests.size() * 2; i++) {
            boolean isOneHart = i % 4 == 3;
            cases.add(new Case(
                    engine, guests.get(i % guests.size()), isOneHart ? 1 : 4, policies.get(i % 3), i % 2 == 0, i));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRunThatIsStoppedHereAndThereEndsTheSame(Case which) {
        assertSame(which, false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRunThatIsTakenBackHereAndThereEndsTheSame(Case which) {
        assertSame(which, true);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRunThatIsMeddledWithIsTheSameWhenItsInputsComeAgain(Case which) {
        assertReplays(which, false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRunThatIsMeddledWithInItsPastIsTheSameWhenItsInputsComeAgain(Case which) {
        assertReplays(which, true);
    }

    private static void assertReplays(Case which, boolean goesBack) {
        DebuggedTestGuest guest = DebuggedTestGuest.booted(
                which.guest(), which.machine(), which.engine().options(), which.kernel());
        RandomSession session = new RandomSession(guest, new Random(SEED * 1000 + which.seed()), goesBack, true);
        try {
            RunStop end = session.run(STOPS);
            DebuggedTestGuest again =
                    DebuggedTestGuest.booted(which.guest(), which.machine(), which.kernel(), guest.inputs());
            assertThat(again.finish()).isEqualTo(end);
            // Another future is told anew from where it begins.
            assertThat(guest.console())
                    .endsWith(
                            again.console().substring(goesBack ? again.console().length() : 0));
            assertThat(again.statistics()).isEqualTo(guest.statistics());
            assertThat(again.position()).isEqualTo(guest.position());
            if (end == RunStop.POWERED_OFF) {
                assertThat(guest.kernel().frames().freeFrames())
                        .as("free frames")
                        .isEqualTo(guest.kernel().freeFramesAtBoot());
            }
            if (which.sanitize()) {
                assertThat(guest.kernel().sanitizer().reports()).isEmpty();
            }
        } catch (Throwable failure) {
            throw new AssertionError(
                    which + " seed " + SEED + "\n" + String.join("\n", session.diary) + "\n" + guest.inputs(), failure);
        }
    }

    private static void assertSame(Case which, boolean goesBack) {
        TestGuest undisturbed = TestGuest.booted(which.guest(), which.machine(), which.kernel());
        int status = undisturbed.finish();
        DebuggedTestGuest guest = DebuggedTestGuest.booted(
                which.guest(), which.machine(), which.engine().options(), which.kernel());
        RandomSession session = new RandomSession(guest, new Random(SEED * 1000 + which.seed()), goesBack, false);
        try {
            assertThat(session.run(STOPS)).isEqualTo(RunStop.POWERED_OFF);
            assertThat(guest.machine().exitStatus()).isEqualTo(status);
            assertThat(guest.inputs()).as("inputs").isEmpty();
            assertThat(guest.console()).isEqualTo(undisturbed.console());
            assertThat(guest.statistics()).isEqualTo(undisturbed.statistics());
        } catch (Throwable failure) {
            throw new AssertionError(which + " seed " + SEED + "\n" + String.join("\n", session.diary), failure);
        }
    }
}
