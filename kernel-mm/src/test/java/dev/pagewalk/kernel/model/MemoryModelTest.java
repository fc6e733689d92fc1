package dev.pagewalk.kernel.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sequences of all that processes do with memory, against a model that knows each page by itself. After every
 * operation results, regions, PTEs, contents, and the owners of all frames have to be equal.
 */
@Tag("S10")
@Tag("S14")
@Tag("S15")
@Tag("S16")
@Tag("S17")
@Tag("S19")
@Tag("S20")
@Tag("S26")
@Tag("S38")
@Tag("S42")
@Tag("S43")
class MemoryModelTest {
    private static final int OPERATIONS_A_SEED = 500;

    static Stream<Setup> setups() {
        return Stream.of(PagingMode.values())
                .flatMap(mode -> Stream.of(
                        new Setup(mode, HugePages.NEVER, Arena.Size.SMALL),
                        new Setup(mode, HugePages.NEVER, Arena.Size.LARGE),
                        new Setup(mode, HugePages.ALWAYS, Arena.Size.LARGE)));
    }

    /** 18,000 operations. */
    @ParameterizedTest
    @MethodSource("setups")
    void theKernelAgreesWithTheModel(Setup setup) {
        run(setup, 0, 4);
    }

    /** 1,050,000 operations. */
    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("setups")
    void theKernelAgreesWithTheModelForLong(Setup setup) {
        run(setup, 1000, setup.size() == Arena.Size.SMALL ? 400 : 150);
    }

    private static void run(Setup setup, int firstSeed, int seeds) {
        // By mode, so that the modes do not all see the same sequences.
        int first = firstSeed + 10_000 * setup.mode().levels();
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int seed = first; seed < first + seeds; seed++) {
            new RandomSequence(setup, seed).run(OPERATIONS_A_SEED, outcomes);
        }
        assertEverythingHappened(setup, outcomes);
    }

    private static void assertEverythingHappened(Setup setup, Map<String, Integer> outcomes) {
        assertThat(outcomes.keySet()).as("operations that succeeded").containsAll(operations());
        assertThat(outcomes).as("forks that ran out of memory").containsKey("Fork false");
        Stream<String> faults = Stream.of("copy on write", "page reused", "stack", "file");
        assertThat(faults).as("in %s", outcomes).allMatch(fault -> outcomes.get("fault: " + fault) > 0);
        if (setup.hugePages() == HugePages.ALWAYS) {
            assertThat(outcomes.get("fault: huge page")).isPositive();
        }
    }

    private static Set<String> operations() {
        return Arrays.stream(Operation.class.getPermittedSubclasses())
                .flatMap(group -> Arrays.stream(group.getPermittedSubclasses()))
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
    }
}
