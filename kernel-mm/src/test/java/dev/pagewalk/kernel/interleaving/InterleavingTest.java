package dev.pagewalk.kernel.interleaving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guests that share memory, in many of the orders in which harts can come to do what they do: whatever the order, the guests
 * see what they must, the sanitizer is silent and all frames come back.
 */
class InterleavingTest {
    private static final int FEWEST_HARTS = 2;
    private static final int MOST_HARTS = 5;
    private static final int SEEDS = 1000;

    private static final List<SharingGuest> GUESTS = SharingGuest.all();

    static List<String> policies() {
        return ShootdownPolicies.names();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void noOrderIsWrong(String policy) {
        explore(policy, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("policies")
    @Tag("nightly")
    void noneOfManyOrdersIsWrong(String policy) {
        explore(policy, 10 * SEEDS);
    }

    /** Machines are independent of each other, so the seeds are spread over the host's cores. */
    private static void explore(String policy, int seeds) {
        assertThat(IntStream.range(0, seeds).parallel().boxed().flatMap(seed -> wrong(policy, seed)))
                .isEmpty();
    }

    /** What is wrong with one order, in a line; nothing where it is right. */
    private static Stream<String> wrong(String policy, int seed) {
        SharingGuest guest = GUESTS.get(seed % GUESTS.size());
        int round = seed / GUESTS.size();
        int harts = FEWEST_HARTS + round % (MOST_HARTS - FEWEST_HARTS + 1);
        try {
            guest.run(TestMachine.options().harts(harts).shootdown(policy).seed(seed));
            return Stream.empty();
        } catch (AssertionError | RuntimeException e) {
            return Stream.of(
                    String.format("%s under %s with %d harts and seed %d: %s", guest.name(), policy, harts, seed, e));
        }
    }
}
