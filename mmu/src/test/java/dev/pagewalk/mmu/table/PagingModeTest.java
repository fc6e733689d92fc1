package dev.pagewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PagingModeTest {
    @ParameterizedTest
    @CsvSource({"SV39, 3, 8, 39", "SV48, 4, 9, 48", "SV57, 5, 10, 57"})
    void hasTheManualsFigures(PagingMode mode, int levels, int satpMode, int addressBits) {
        assertThat(mode.levels()).isEqualTo(levels);
        assertThat(mode.satpMode()).isEqualTo(satpMode);
        assertThat(mode.virtualAddressBits()).isEqualTo(addressBits);
        assertThat(mode.userHalfEnd()).isEqualTo(1L << addressBits - 1);
    }

    @ParameterizedTest
    @EnumSource
    void anAddressIsCanonicalWhereItsUpperBitsAreOneSignBit(PagingMode mode) {
        long end = mode.userHalfEnd();
        assertThat(mode.isCanonical(0)).isTrue();
        assertThat(mode.isCanonical(end - 1)).isTrue();
        assertThat(mode.isCanonical(end)).isFalse();
        assertThat(mode.isCanonical(-end - 1)).isFalse();
        assertThat(mode.isCanonical(-end)).isTrue();
        assertThat(mode.isCanonical(-1)).isTrue();
        assertThat(mode.isCanonical(Long.MIN_VALUE)).isFalse();
        assertThat(mode.isCanonical(Long.MAX_VALUE)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void theUserHalfIsTheLowerOne(PagingMode mode) {
        assertThat(mode.isUserHalf(0)).isTrue();
        assertThat(mode.isUserHalf(mode.userHalfEnd() - 1)).isTrue();
        assertThat(mode.isUserHalf(mode.userHalfEnd())).isFalse();
        assertThat(mode.isUserHalf(-1)).isFalse();
        int rootLevel = mode.levels() - 1;
        assertThat(mode.index(mode.userHalfEnd() - 1, rootLevel)).isEqualTo(255);
        assertThat(mode.index(-mode.userHalfEnd(), rootLevel)).isEqualTo(256);
        assertThat(mode.index(-1, rootLevel)).isEqualTo(511);
    }

    @Test
    void cutsAnAddressIntoIndexes() {
        long address = 1L << 48 | 2L << 39 | 3L << 30 | 4L << 21 | 5L << 12 | 6;
        for (int level = 0; level < 5; level++) {
            assertThat(PagingMode.SV57.index(address, level)).isEqualTo(5 - level);
        }
    }

    @Test
    void aPageGrowsBy512WithEachLevel() {
        assertThat(PagingMode.pageSizeBytes(0)).isEqualTo(4096);
        assertThat(PagingMode.pageSizeBytes(1)).isEqualTo(2 << 20);
        assertThat(PagingMode.pageSizeBytes(2)).isEqualTo(1 << 30);
        assertThat(PagingMode.pageSizeBytes(4)).isEqualTo(1L << 48);
    }
}
