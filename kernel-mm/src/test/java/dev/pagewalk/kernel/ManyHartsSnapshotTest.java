package dev.pagewalk.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever several harts are stopped, in a shootdown or out of it: what follows is as without the stop. */
class ManyHartsSnapshotTest {
    private static final int INSTANTS = 6;

    private static Stream<Arguments> guestsAndPolicies() {
        return ShootdownPolicies.names().stream()
                .flatMap(policy -> Stream.of(
                        Arguments.of(policy, List.of("shootdown-storm", "3", "6", "5")),
                        Arguments.of(policy, List.of("mprotect-race", "3", "4")),
                        Arguments.of(policy, List.of("cow-race", "3", "3")),
                        Arguments.of(policy, List.of("asid-rollover", "6", "3"))));
    }

    private static TestMachine.Options options(String policy, List<String> arguments) {
        return TestMachine.options()
                .harts(4)
                .shootdown(policy)
                .asidBits(arguments.get(0).equals("asid-rollover") ? 3 : 16)
                .seed(17)
                .arguments(arguments);
    }

    private static ElfImage image(List<String> arguments) {
        return ImageCatalog.image(arguments.get(0)).orElseThrow();
    }

    @ParameterizedTest(name = "{1} with {0}")
    @MethodSource("guestsAndPolicies")
    void aRestoredMachineEndsAsTheOneThatRanThrough(String policy, List<String> arguments) {
        TestMachine through = options(policy, arguments).boot(image(arguments)).finish();
        assertThat(through.exitStatus()).as(through.console()).isZero();
        List<Object> expected = outcome(through);
        Random random = new Random(arguments.hashCode());
        for (int i = 0; i < INSTANTS; i++) {
            long instant = 1 + (long) (random.nextDouble() * (through.machine().longestCycle() - 1));
            TestMachine stopped = options(policy, arguments).boot(image(arguments));
            // A limit stops between kernel steps, a pause in the middle of a slice.
            boolean goesOn = i % 2 == 0 ? stopped.stopAt(instant) : stopped.pauseAt(instant);
            if (goesOn) {
                endsAlikeFromHereOn(stopped, policy, arguments, expected, instant);
            }
        }
    }

    private static void endsAlikeFromHereOn(
            TestMachine stopped, String policy, List<String> arguments, List<Object> expected, long instant) {
        MachineSnapshot snapshot = stopped.machine().snapshot();
        assertThat(outcome(stopped.finish())).as("stopped at %d", instant).isEqualTo(expected);
        TestMachine fresh = options(policy, arguments).build();
        fresh.machine().restore(snapshot);
        assertThat(fresh.machine().snapshot().state())
                .as("restored at %d", instant)
                .isEqualTo(snapshot.state());
        assertThat(outcome(fresh.finish())).as("restored at %d", instant).isEqualTo(expected);
    }

    /** With the state of every hart, lock, queue and counter at the end. */
    private static List<Object> outcome(TestMachine test) {
        MachineSnapshot end = test.machine().snapshot();
        return List.of(
                test.exitStatus(),
                test.console(),
                test.machine().longestCycle(),
                test.kernel().systemCallCounts(),
                Hashing.sha256().hashBytes(end.state()));
    }
}
