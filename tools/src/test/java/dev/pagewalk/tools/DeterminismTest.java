package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.testing.TestGuest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same image with the same options gives the same statistics, byte for byte. */
class DeterminismTest {
    private static final long SEED = 20260101;
    private static final int PAUSES = 25;

    /** Some, where harts are told of what another one has taken away already. */
    private static final String STALE_HITS = "\"stale_hits_in_window\" : [0-9]+";

    static List<String> guests() {
        return ImageCatalog.names();
    }

    /** All statistics but the sanitizer's own are the same, and the kernel is not caught at anything. */
    @ParameterizedTest
    @MethodSource("guests")
    void theSanitizerOnlyWatches(String name) {
        for (String profile : List.of("u74", "ideal", "rocket", "skylake")) {
            MachineConfig config = TestGuest.config(PagingMode.SV48, profile);
            TestGuest watched =
                    TestGuest.booted(name, config, KernelConfig.quiet().withSanitizer(true));
            TestGuest alone = TestGuest.booted(name, config);
            assertThat(watched.finish()).isEqualTo(alone.finish());

            assertThat(watched.statistics())
                    .contains("\"enabled\" : true,\n    \"violations\" : 0")
                    .containsPattern(STALE_HITS);
            assertThat(watched.statistics()
                            .replace("\"enabled\" : true", "\"enabled\" : false")
                            .replaceFirst(STALE_HITS, "\"stale_hits_in_window\" : null"))
                    .isEqualTo(alone.statistics());
            assertThat(watched.console()).isEqualTo(alone.console());
        }
    }

    /** Two machines take turns on one host thread, cut at different places; a third one runs undisturbed. */
    @ParameterizedTest
    @MethodSource("guests")
    void machinesSideBySideAgreeWithOneThatRunsAlone(String name) {
        TestGuest alone = TestGuest.booted(name, TestGuest.config());
        TestGuest left = TestGuest.booted(name, TestGuest.config());
        TestGuest right = TestGuest.booted(name, TestGuest.config());
        alone.finish();
        long cycles = alone.assembly().machine().longestCycle();

        Random random = new Random(SEED);
        for (int pause = 1; pause <= PAUSES; pause++) {
            left.pauseAt(random.nextLong(cycles));
            RunStop stop = right.pauseAt(cycles * pause / (PAUSES + 1));
            assertThat(stop).isIn(RunStop.PAUSED, RunStop.POWERED_OFF);
        }
        left.finish();
        right.finish();

        assertThat(left.statistics()).as("seed %d", SEED).isEqualTo(alone.statistics());
        assertThat(right.statistics()).isEqualTo(alone.statistics());
        assertThat(left.console()).isEqualTo(alone.console());
        assertThat(right.console()).isEqualTo(alone.console());
    }
}
