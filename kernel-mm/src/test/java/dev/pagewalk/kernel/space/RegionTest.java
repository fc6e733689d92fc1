package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.Pte;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RegionTest {
    private static Region region(long start, long end) {
        return new Region(start, end, RegionKind.ANONYMOUS, Protection.READ);
    }

    @Test
    @Tag("S5")
    void aRegionContainsItsStartAndNotItsEnd() {
        Region region = region(0x2000, 0x4000);
        assertThat(region.contains(0x1FFF)).isFalse();
        assertThat(region.contains(0x2000)).isTrue();
        assertThat(region.contains(0x3FFF)).isTrue();
        assertThat(region.contains(0x4000)).isFalse();
        assertThat(region.contains(-1)).isFalse();
        assertThat(region.lengthBytes()).isEqualTo(0x2000);
    }

    @Test
    @Tag("S5")
    void anEmptyRegionContainsAndOverlapsNothing() {
        Region empty = region(0x2000, 0x2000);
        assertThat(empty.contains(0x2000)).isFalse();
        assertThat(empty.overlaps(0, 0x10000)).isFalse();
        assertThat(region(0x1000, 0x3000).overlaps(0x2000, 0x2000)).isFalse();
    }

    @Test
    @Tag("S5")
    void overlapIsSharingAByteInEitherDirection() {
        Region region = region(0x2000, 0x4000);
        assertThat(region.overlaps(0x1000, 0x2000)).isFalse();
        assertThat(region.overlaps(0x4000, 0x5000)).isFalse();
        assertThat(region.overlaps(0x1000, 0x2001)).isTrue();
        assertThat(region.overlaps(0x3FFF, 0x5000)).isTrue();
        assertThat(region.overlaps(0x1000, 0x5000)).isTrue();
        assertThat(region.overlaps(0x2800, 0x2900)).isTrue();
    }

    @Test
    @Tag("S5")
    void aRegionIsWholePagesInTheRightOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> region(0x2001, 0x3000));
        assertThatIllegalArgumentException().isThrownBy(() -> region(0x2000, 0x3001));
        assertThatIllegalArgumentException().isThrownBy(() -> region(0x3000, 0x2000));
        assertThatIllegalArgumentException().isThrownBy(() -> region(-0x1000, 0x2000));
    }

    @Test
    @Tag("S27")
    void protectionBitsAreLinuxs() {
        assertThat(new int[] {Protection.NONE, Protection.READ, Protection.WRITE, Protection.EXEC})
                .containsExactly(0, 1, 2, 4);
        assertThat(Protection.describe(5)).isEqualTo("r-x");
        assertThat(Protection.isValid(8)).isTrue();
        assertThat(Protection.isValid(16)).isFalse();
        assertThat(Protection.isValid(1L << 32)).isFalse();
        assertThat(Protection.effective(0xFFFF_FFF3L)).isEqualTo(3);
    }

    @Test
    @Tag("S20")
    void writingImpliesReadingAndNothingElseImpliesAnything() {
        assertThat(Protection.pteRights(Protection.NONE)).isZero();
        assertThat(Protection.pteRights(Protection.READ)).isEqualTo(Pte.R);
        assertThat(Protection.pteRights(Protection.WRITE)).isEqualTo(Pte.R | Pte.W);
        assertThat(Protection.pteRights(Protection.EXEC)).isEqualTo(Pte.X);
        assertThat(Protection.pteRights(7)).isEqualTo(Pte.R | Pte.W | Pte.X);
        assertThat(Protection.permits(Protection.EXEC, AccessType.LOAD)).isFalse();
        assertThat(Protection.permits(Protection.WRITE, AccessType.LOAD)).isTrue();
    }

    @Test
    @Tag("S4")
    void nothingIsExecutableAndWritableByDefault() {
        for (RegionKind kind : RegionKind.values()) {
            int protection = kind.defaultProtection();
            boolean isCode = kind == RegionKind.CODE || kind == RegionKind.VDSO;
            boolean isReadOnly = kind == RegionKind.RODATA || kind == RegionKind.FILE;
            assertThat(Protection.permits(protection, AccessType.FETCH)).isEqualTo(isCode);
            assertThat(Protection.permits(protection, AccessType.STORE)).isEqualTo(!isCode && !isReadOnly);
            assertThat(Protection.permits(protection, AccessType.LOAD)).isTrue();
        }
    }
}
