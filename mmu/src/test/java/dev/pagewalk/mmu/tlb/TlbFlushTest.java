package dev.pagewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TlbFlushTest {
    @Test
    void aRangeCoversPagesThatOverlapItOnly() {
        TlbFlush flush = TlbFlush.range(0x5000, 0x3000, 7);
        assertThat(flush.covers(0x4000, 0x1000, 7, false)).isFalse();
        assertThat(flush.covers(0x5000, 0x1000, 7, false)).isTrue();
        assertThat(flush.covers(0x7000, 0x1000, 7, false)).isTrue();
        assertThat(flush.covers(0x8000, 0x1000, 7, false)).isFalse();
        assertThat(flush.covers(0, 0x20_0000, 7, false)).isTrue();
        assertThat(flush.covers(0x5000, 0x1000, 8, false)).isFalse();
        assertThat(flush.covers(0x5000, 0x1000, 7, true)).isFalse();
    }

    @Test
    void aRangeMayReachTheTopOfTheAddressSpace() {
        TlbFlush flush = TlbFlush.range(-0x2000, 0x2000, TlbFlush.EVERY_ASID);
        assertThat(flush.covers(-0x1000, 0x1000, 3, true)).isTrue();
        assertThat(flush.covers(-0x3000, 0x1000, 3, false)).isFalse();
        assertThat(flush.covers(0, 0x1000, 3, false)).isFalse();
        assertThat(flush.covers(-0x20_0000, 0x20_0000, 3, false)).isTrue();
    }

    @Test
    void anAddressMeansItsPage() {
        assertThat(TlbFlush.address(0x5FFF)).isEqualTo(TlbFlush.range(0x5000, 0x1000, TlbFlush.EVERY_ASID));
        assertThat(TlbFlush.address(0x5001, 2)).isEqualTo(TlbFlush.range(0x5000, 0x1000, 2));
    }

    @Test
    void everyAsidAndAnySinglePageCanBeNamed() {
        assertThat(TlbFlush.ofAsid(65_535).covers(0, 0x1000, 65_535, false)).isTrue();
        assertThat(TlbFlush.ofAsid(0).covers(0, 0x1000, 1, false)).isFalse();
        assertThat(TlbFlush.ofAsid(TlbFlush.EVERY_ASID)).isEqualTo(TlbFlush.all());
        assertThat(TlbFlush.address(-1).covers(-0x1000, 0x1000, 5, true)).isTrue();
    }

    @Test
    void refusesWhatNoFenceCanSay() {
        assertThatIllegalArgumentException().isThrownBy(() -> TlbFlush.ofAsid(65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> TlbFlush.ofAsid(-2));
        assertThatIllegalArgumentException().isThrownBy(() -> TlbFlush.range(0x5001, 0x1000, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> TlbFlush.range(0x5000, 0x1001, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> TlbFlush.range(0x5000, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> TlbFlush.range(-0x1000, 0x2000, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TlbFlush(true, 0x1000, 0, 0));
    }
}
