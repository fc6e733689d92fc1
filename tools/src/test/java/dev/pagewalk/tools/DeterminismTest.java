package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.tools.testing.TestGuest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same image with the same options gives the same statistics, byte for byte. */
class DeterminismTest {
    private static final long SEED = 20260101;
    private static final int PAUSES = 25;

    static List<String> guests() {
        return ImageCatalog.names();
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
