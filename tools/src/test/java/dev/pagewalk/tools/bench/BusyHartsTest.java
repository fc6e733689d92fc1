package dev.pagewalk.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the benchmarks of many harts measure what they say. */
class BusyHartsTest {
    @ParameterizedTest
    @CsvSource({"1, INTERPRETER", "16, INTERPRETER", "1, TRANSLATOR", "16, TRANSLATOR"})
    void allHartsTogetherExecuteWhatIsAskedForAndHardlyMore(int harts, EngineKind engine) {
        TimingProfile profile = TimingProfiles.find("u74");
        for (BusyHarts busy :
                List.of(BusyHarts.alone(harts, profile, engine), BusyHarts.underKernel(harts, profile, engine))) {
            long before = busy.retired();
            long fewestBefore = busy.fewestRetired();

            for (int operation = 1; operation <= 3; operation++) {
                busy.execute(ManyHartsBenchmark.INSTRUCTIONS_PER_OPERATION);

                // A hart stops at an instruction, and up to a quantum ahead of the last one.
                assertThat(busy.retired() - before)
                        .isBetween(
                                operation * ManyHartsBenchmark.INSTRUCTIONS_PER_OPERATION,
                                operation * ManyHartsBenchmark.INSTRUCTIONS_PER_OPERATION + harts * 1500L);
            }
            assertThat(busy.fewestRetired() - fewestBefore).isGreaterThan(2_700_000 / harts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"targeted", "hardware-broadcast"})
    void aShootdownIsOfOnePageAndReachesAllOtherHarts(String policy) {
        ShootdownBenchmark benchmark = new ShootdownBenchmark();
        benchmark.harts = 16;
        benchmark.profile = "u74";
        benchmark.policy = policy;
        benchmark.start();
        benchmark.tenThousandShootdowns();
        long before = benchmark.statistics().count;
        long flushesBefore = benchmark.statistics().rangeFlushes;
        long fullBefore = benchmark.statistics().fullFlushes;

        benchmark.tenThousandShootdowns();

        long count = benchmark.statistics().count - before;
        assertThat(count).isBetween(ShootdownBenchmark.SHOOTDOWNS_PER_OPERATION - 100, 10_100L);
        assertThat(benchmark.statistics().rangeFlushes - flushesBefore)
                .as("each on sixteen harts")
                .isBetween(16 * (count - 1), 16 * (count + 1) + count);
        assertThat(benchmark.statistics().fullFlushes).isEqualTo(fullBefore);
    }
}
