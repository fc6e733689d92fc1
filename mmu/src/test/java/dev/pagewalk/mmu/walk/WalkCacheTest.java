package dev.pagewalk.mmu.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import org.junit.jupiter.api.Test;

class WalkCacheTest {
    private static final long ROOT = 0x8000_F000L;

    private final WalkCache cache = new WalkCache(new WalkCacheParameters(3, ReplacementPolicy.LRU, 1, true), 1);

    @Test
    void theDeepestTableWins() {
        cache.insert(0x5000, 1, false, 2, 0x8000_2000L, ROOT, 0);
        cache.insert(0x5000, 1, false, 0, 0x8000_0000L, ROOT, 0);
        cache.insert(0x5000, 1, false, 1, 0x8000_1000L, ROOT, 0);
        assertThat(cache.table(cache.lookup(0x7000, 1))).isEqualTo(0x8000_0000L);
        assertThat(cache.table(cache.lookup(2 << 20, 1))).isEqualTo(0x8000_1000L);
        assertThat(cache.table(cache.lookup(1 << 30, 1))).isEqualTo(0x8000_2000L);
        assertThat(cache.lookup(1L << 39, 1)).isEqualTo(-1);
        assertThat(cache.lookup(0x7000, 2)).isEqualTo(-1);
    }

    @Test
    void aFullCacheReplacesByItsPolicy() {
        for (int region = 0; region < 3; region++) {
            cache.insert((long) region << 21, 1, false, 0, region << 12, ROOT, 0);
        }
        cache.lookup(0, 1);
        cache.insert(3L << 21, 1, false, 0, 3 << 12, ROOT, 0);
        assertThat(cache.lookup(1L << 21, 1)).isEqualTo(-1);
        assertThat(cache.lookup(0, 1)).isEqualTo(0);
        assertThat(cache.lookup(3L << 21, 1)).isEqualTo(1);
    }

    @Test
    void aPointerThatBecameGlobalReplacesThoseOfAllAsids() {
        cache.insert(0, 1, false, 0, 0x1000, ROOT, 0);
        cache.insert(0, 2, false, 0, 0x2000, ROOT, 0);
        cache.insert(0, 3, true, 0, 0x3000, ROOT, 0);
        assertThat(cache.table(cache.lookup(0, 1))).isEqualTo(0x3000);
        assertThat(cache.table(cache.lookup(0, 2))).isEqualTo(0x3000);
        assertThat(cache.isValid(1)).isFalse();
    }

    @Test
    void equalStatesAreEqualBytes() {
        cache.insert(0, 1, false, 0, 0x1000, ROOT, 0);
        cache.insert(1L << 40, 2, true, 2, 0x2000, ROOT, 0);
        cache.lookup(0, 1);
        byte[] saved = saved(cache);
        WalkCache restored = new WalkCache(cache.parameters(), 99);
        restored.insert(7L << 30, 1, false, 1, 0x9000, ROOT, 0);
        restored.restore(ByteStreams.newDataInput(saved));
        assertThat(saved(restored)).isEqualTo(saved);
        assertThat(restored.table(restored.lookup(1L << 40, 9))).isEqualTo(0x2000);
        assertThat(restored.lookup(7L << 30, 1)).isEqualTo(-1);
    }

    private static byte[] saved(WalkCache cache) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        cache.save(out);
        return out.toByteArray();
    }

    @Test
    void anEntryTellsWhatItWasFilledWith() {
        cache.insert(0x1234_5678_9ABCL, 77, true, 1, 0x8000_1000L, ROOT, 0);
        assertThat(cache.nextValid(0)).isZero();
        assertThat(cache.nextValid(1)).isEqualTo(-1);
        assertThat(cache.virtualAddress(0)).isEqualTo(0x1234_4000_0000L);
        assertThat(cache.asid(0)).isEqualTo(77);
        assertThat(cache.isGlobal(0)).isTrue();
        assertThat(cache.tableLevel(0)).isEqualTo(1);
        assertThat(cache.table(0)).isEqualTo(0x8000_1000L);
        assertThat(cache.root(0)).isEqualTo(ROOT);
    }

    @Test
    void aTableInPlaceOfAnotherTakesItsEntryOnlyInItsOwnAddressSpace() {
        cache.insert(0x5000, 1, false, 0, 0x8000_1000L, ROOT, 0);
        cache.insert(0x5000, 2, false, 0, 0x8000_2000L, ROOT, 0);
        cache.insert(0x6000, 1, false, 0, 0x8000_3000L, ROOT, 0);
        assertThat(cache.table(cache.lookup(0x5000, 1))).isEqualTo(0x8000_3000L);
        assertThat(cache.table(cache.lookup(0x5000, 2))).isEqualTo(0x8000_2000L);
        assertThat(cache.isValid(2)).isFalse();
    }

    @Test
    void acceptsTheLargest() {
        assertThat(new WalkCacheParameters(1024, ReplacementPolicy.LRU, 0, true).entries())
                .isEqualTo(1024);
        assertThat(WalkCacheParameters.NONE.latencyCycles()).isZero();
    }

    @Test
    void refusesWhatCannotBeBuilt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalkCacheParameters(-1, ReplacementPolicy.LRU, 0, true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalkCacheParameters(1025, ReplacementPolicy.LRU, 0, true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalkCacheParameters(8, ReplacementPolicy.LRU, -1, true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalkCacheParameters(0, ReplacementPolicy.LRU, 1, true));
    }
}
