package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S28")
class FlushBatchTest {
    private final FlushBatch batch = new FlushBatch(BatchedPolicy.DEFAULT_CEILING_PAGES);
    private final Recorder local = new Recorder();

    private void add(int pages) {
        for (int i = 0; i < pages; i++) {
            batch.add(0x1000L * (i + 1));
        }
    }

    @Test
    void anEmptyBatchFlushesNothingLocally() {
        batch.flushLocally(local, 7);
        assertThat(local.flushes).isEmpty();
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void upToSixteenPagesAreFlushedSingly() {
        add(16);
        batch.flushLocally(local, 7);
        assertThat(local.flushes).hasSize(16).startsWith("7: 0x1000").endsWith("7: 0x10000");
        assertThat(batch.flushesEverything()).isFalse();
    }

    @Test
    void theSeventeenthMakesItOneFullFlush() {
        add(17);
        batch.flushLocally(local, 7);
        assertThat(local.flushes).containsExactly("7: all");
    }

    @Test
    void theLengthCountsOnPastTheCeiling() {
        add(40);
        assertThat(batch.length()).isEqualTo(40);
        batch.clear();
        assertThat(batch.length()).isZero();
        add(3);
        batch.flushLocally(local, 1);
        assertThat(local.flushes).hasSize(3);
    }

    @Test
    void theOtherHartsAlwaysFlushEverything() {
        add(1);
        BatchedPolicy policy = new BatchedPolicy(BatchedPolicy.DEFAULT_CEILING_PAGES);
        ShootdownPolicy.RemoteFlush remote = policy.remoteFlush(batch, 7, 2, 0b1111);
        assertThat(remote.flush()).isEqualTo(TlbFlush.all());
        assertThat(remote.targetHarts()).isEqualTo(0b1011);
        assertThat(policy.ceilingPages()).isEqualTo(16);
    }

    @Test
    @Tag("S29")
    void broadcastInterruptsAllButTheInitiator() {
        ShootdownPolicy policy = new BroadcastPolicy();
        assertThat(policy.remoteFlush(batch, 7, 0, 1).targetHarts()).isZero();
        assertThat(policy.remoteFlush(batch, 7, 63, -1L).targetHarts()).isEqualTo(Long.MAX_VALUE);
        assertThat(policy.remoteFlush(batch, 7, 1, 0b111).flush()).isEqualTo(TlbFlush.all());
        FlushBatch one = new FlushBatch(policy.ceilingPages());
        one.add(0x5000);
        one.flushLocally(local, 3);
        assertThat(local.flushes).containsExactly("3: all");
    }

    private static final class Recorder implements Invalidation {
        final List<String> flushes = new ArrayList<>();

        @Override
        public void flushPage(int asid, long virtualAddress) {
            flushes.add(asid + ": 0x" + Long.toHexString(virtualAddress));
        }

        @Override
        public void flushSpace(int asid) {
            flushes.add(asid + ": all");
        }

        @Override
        public InvalidationObserver observer() {
            return InvalidationObserver.NONE;
        }
    }
}
