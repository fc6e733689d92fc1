package dev.pagewalk.tools.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachinePosition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
    private static final long PLENTY = Long.MAX_VALUE / 2;
    private static final long STRIDE = 1000;

    private static MachinePosition at(long number) {
        return new MachinePosition(number, number * STRIDE, 0);
    }

    private static Checkpoint checkpoint(long number, long bytes) {
        return new Checkpoint(at(number), null, 0, new long[0], bytes);
    }

    private static Checkpoints filled(long mostBytes, int count, long bytes) {
        Checkpoints checkpoints = new Checkpoints(mostBytes);
        for (int number = 0; number < count; number++) {
            checkpoints.add(checkpoint(number, bytes));
        }
        return checkpoints;
    }

    private static List<Long> turns(Checkpoints checkpoints, int count) {
        Set<Long> turns = new LinkedHashSet<>();
        for (int number = 0; number < count; number++) {
            turns.add(checkpoints.atOrBefore(at(number)).position().turn());
        }
        return new ArrayList<>(turns);
    }

    @Test
    void theirNumberIsBoundedHoweverLongTheRun() {
        List<Long> turns = turns(filled(PLENTY, 5000, 1), 5000);

        assertThat(turns).hasSize(Checkpoints.MOST).startsWith(0L).endsWith(4999L);
    }

    @Test
    void theyLieTheCloserTogetherTheNearerTheyAreToTheLatest() {
        List<Long> turns = turns(filled(PLENTY, 5000, 1), 5000);

        long nearest = turns.get(turns.size() - 1) - turns.get(turns.size() - 2);
        long farthest = turns.get(1) - turns.get(0);
        assertThat(nearest).isLessThan(20);
        assertThat(farthest).isBetween(200L, 4000L);
    }

    @Test
    void theirMemoryIsBoundedButForTheFirstAndTheLatest() {
        assertThat(turns(filled(1000, 500, 100), 500))
                .hasSizeBetween(8, 10)
                .startsWith(0L)
                .endsWith(499L);
        assertThat(turns(filled(1000, 500, 100_000), 500)).containsExactly(0L, 499L);
    }

    @Test
    void oneInThePlaceOfAnotherTakesOnlyItsOwnMemory() {
        Checkpoints checkpoints = new Checkpoints(1000);
        checkpoints.add(checkpoint(0, 100));
        for (int time = 0; time < 50; time++) {
            checkpoints.add(checkpoint(1, 100));
        }
        checkpoints.add(checkpoint(2, 100));

        assertThat(turns(checkpoints, 3)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void anotherFutureHasNoneYet() {
        Checkpoints checkpoints = filled(PLENTY, 10, 1);

        checkpoints.forgetAfter(at(4));

        assertThat(turns(checkpoints, 10)).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(checkpoints.before(at(0))).isNull();
        assertThat(checkpoints.before(at(9)).position()).isEqualTo(at(4));
    }
}
