package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S30")
class TlbGenerationsTest {
    private final TlbGenerations generations = new TlbGenerations(3);

    @Test
    void everyChangeLeavesEveryHartBehindUntilItHasCaughtUp() {
        assertThat(generations.isBehind(0)).isFalse();
        generations.changed();
        assertThat(generations.isBehind(0)).isTrue();
        assertThat(generations.isBehind(2)).isTrue();
        generations.caughtUp(2, generations.current());
        assertThat(generations.isBehind(2)).isFalse();
        assertThat(generations.isBehind(0)).isTrue();
    }

    @Test
    void catchingUpWithAnOldGenerationLeavesOneBehindTheNewer() {
        generations.changed();
        long first = generations.current();
        generations.changed();
        generations.caughtUp(1, first);
        assertThat(generations.isBehind(1)).isTrue();
        generations.caughtUp(1, generations.current());
        generations.caughtUp(1, first);
        assertThat(generations.isBehind(1)).isFalse();
    }

    @Test
    void nobodyCatchesUpWithTheFuture() {
        assertThatThrownBy(() -> generations.caughtUp(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSnapshotKeepsWhoIsBehind() {
        generations.changed();
        generations.caughtUp(1, 1);
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        generations.save(out);
        TlbGenerations restored = new TlbGenerations(3);
        restored.restore(ByteStreams.newDataInput(out.toByteArray()));
        assertThat(restored.isBehind(0)).isTrue();
        assertThat(restored.isBehind(1)).isFalse();
        assertThat(restored.current()).isEqualTo(1);
    }
}
