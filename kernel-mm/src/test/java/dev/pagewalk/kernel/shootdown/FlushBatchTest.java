package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.shootdown.policy.BatchedPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S28")
class FlushBatchTest {
    private final FlushBatch batch = new FlushBatch(BatchedPolicy.CEILING_PAGES);

    private void add(int pages) {
        for (int i = 0; i < pages; i++) {
            batch.add(0x1000L * (i + 1));
        }
    }

    @Test
    void anEmptyBatchFlushesNothing() {
        assertThat(batch.isEmpty()).isTrue();
        assertThat(batch.pages()).isEmpty();
        assertThat(batch.flushesEverything()).isFalse();
    }

    @Test
    void upToSixteenPagesAreFlushedSingly() {
        add(16);
        assertThat(batch.pages()).hasSize(16).startsWith(0x1000).endsWith(0x1_0000);
        assertThat(batch.flushesEverything()).isFalse();
    }

    @Test
    void theSeventeenthMakesItOneFullFlush() {
        add(17);
        assertThat(batch.flushesEverything()).isTrue();
    }

    @Test
    void theLengthCountsOnPastTheCeiling() {
        add(40);
        assertThat(batch.length()).isEqualTo(40);
        assertThat(batch.pages()).as("what is kept").hasSize(16);
    }

    @Test
    void whatWasNotCountedIsEverything() {
        batch.addAll();
        assertThat(batch.flushesEverything()).isTrue();
        assertThat(batch.isEmpty()).isFalse();
    }

    @Test
    void aSnapshotKeepsThePages() {
        add(3);
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        batch.save(out);
        FlushBatch restored = new FlushBatch(BatchedPolicy.CEILING_PAGES);
        restored.restore(ByteStreams.newDataInput(out.toByteArray()));
        assertThat(restored.pages()).containsExactly(0x1000, 0x2000, 0x3000);
        assertThat(restored.length()).isEqualTo(3);
    }
}
