package dev.pagewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.mmu.access.AccessType;
import org.junit.jupiter.api.Test;

class PteTest {
    private static final long PAGE = 0x8004_2000L;

    @Test
    void placesTheBitsAsTheManualDoes() {
        long pte = Pte.leaf(PAGE, Pte.R | Pte.X | Pte.U | Pte.A);
        assertThat(pte).isEqualTo((PAGE >>> 12) << 10 | 0b0101_1011);
        assertThat(Pte.table(PAGE)).isEqualTo((PAGE >>> 12) << 10 | 1);
        assertThat(Pte.W).isEqualTo(4);
        assertThat(Pte.G).isEqualTo(32);
        assertThat(Pte.D).isEqualTo(128);
        assertThat(Pte.RSW).isEqualTo(0x300);
        assertThat(Pte.PPN).isEqualTo(0x003F_FFFF_FFFF_FC00L);
        assertThat(Pte.PBMT).isEqualTo(0x6000_0000_0000_0000L);
        assertThat(Pte.N).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void givesBackThePhysicalAddressWhateverTheOtherBits() {
        long top = (1L << 56) - 4096;
        assertThat(Pte.physicalAddress(Pte.leaf(top, ~Pte.PPN))).isEqualTo(top);
        assertThat(Pte.physicalAddress(Pte.table(PAGE))).isEqualTo(PAGE);
    }

    @Test
    void readsItsFields() {
        long pte = Pte.leaf(PAGE, Pte.R | 2L << Pte.RSW_SHIFT | 1L << Pte.PBMT_SHIFT);
        assertThat(Pte.softwareBits(pte)).isEqualTo(2);
        assertThat(Pte.memoryType(pte)).isEqualTo(Pte.PBMT_NC);
        assertThat(Pte.memoryType(-1)).isEqualTo(3);
    }

    @Test
    void leavesAreWhatCanBeReadOrExecuted() {
        assertThat(Pte.isLeaf(Pte.leaf(PAGE, Pte.R))).isTrue();
        assertThat(Pte.isLeaf(Pte.leaf(PAGE, Pte.X))).isTrue();
        assertThat(Pte.isLeaf(Pte.table(PAGE))).isFalse();
    }

    @Test
    void eachAccessNeedsItsRight() {
        long[] rights = {Pte.X, Pte.R, Pte.W};
        for (AccessType type : AccessType.values()) {
            for (AccessType right : AccessType.values()) {
                assertThat(Pte.permits(rights[right.ordinal()], type)).isEqualTo(type == right);
            }
        }
    }

    @Test
    void reservedEncodingsAreTold() {
        long leaf = Pte.leaf(PAGE, Pte.R | Pte.W | Pte.X | Pte.U | Pte.G | Pte.A | Pte.D | Pte.RSW);
        assertThat(Pte.isReserved(leaf)).isFalse();
        assertThat(Pte.isReserved(leaf | 2L << Pte.PBMT_SHIFT)).isFalse();
        assertThat(Pte.isReserved(leaf | 3L << Pte.PBMT_SHIFT)).isTrue();
        assertThat(Pte.isReserved(leaf & ~Pte.R)).isTrue();
        for (int bit = 54; bit <= 60; bit++) {
            assertThat(Pte.isReserved(leaf | 1L << bit)).isTrue();
            assertThat(Pte.isReserved(Pte.table(PAGE) | 1L << bit)).isTrue();
        }
        assertThat(Pte.isReserved(leaf | Pte.N)).isTrue();

        long table = Pte.table(PAGE) | Pte.G | Pte.RSW;
        assertThat(Pte.isReserved(table)).isFalse();
        for (long bit : new long[] {Pte.W, Pte.U, Pte.A, Pte.D, Pte.N, 1L << Pte.PBMT_SHIFT, 2L << Pte.PBMT_SHIFT}) {
            assertThat(Pte.isReserved(table | bit)).isTrue();
        }
    }

    @Test
    void describesItselfForPeople() {
        assertThat(Pte.describe(0)).isEqualTo("invalid");
        assertThat(Pte.describe(0x1234_0000)).isEqualTo("invalid 0x0000000012340000");
        assertThat(Pte.describe(Pte.table(PAGE) | Pte.G)).isEqualTo("table 0x80042000 global");
        assertThat(Pte.describe(Pte.leaf(PAGE, Pte.R | Pte.W | Pte.U | Pte.A | Pte.D)))
                .isEqualTo("leaf 0x80042000 rw-u-ad");
        assertThat(Pte.describe(Pte.leaf(PAGE, Pte.R | 1L << Pte.RSW_SHIFT | 2L << Pte.PBMT_SHIFT)))
                .isEqualTo("leaf 0x80042000 r------ rsw=1 device");
        assertThat(Pte.describe(Pte.leaf(PAGE, Pte.X | Pte.N))).contains("--x----", "reserved");
    }
}
