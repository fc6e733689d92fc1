package dev.pagewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class L0FilterTest {
    private static final long FRAME = PhysicalMemory.RAM_BASE + PhysicalMemory.CHUNK_BYTES + 0x5000;

    private final L0Filter filter = new L0Filter();
    private final byte[] chunk = new byte[PhysicalMemory.CHUNK_BYTES];

    private boolean hits(long va, int sizeBytes) {
        return filter.tags[filter.lineOf(va)] == (va & (PagingMode.PAGE_MASK | sizeBytes - 1));
    }

    @Test
    void isEmptyAtFirst() {
        for (long va : new long[] {0, -1, -4096, 0xFFFF_FFFF_FFFF_FFF8L, 0x7000}) {
            assertThat(hits(va, 8)).isFalse();
        }
    }

    @Test
    void anAlignedAccessToAFilledPageHits() {
        filter.fill(0x7123, FRAME + 0x123, chunk, 2047);
        int line = filter.lineOf(0x7000);
        for (int size = 1; size <= 8; size *= 2) {
            assertThat(hits(0x7000, size)).isTrue();
            assertThat(hits(0x8000 - size, size)).isTrue();
            assertThat(hits(0x8000, size)).isFalse();
            assertThat(hits(0x7000 + 256 * 4096, size)).isFalse();
            if (size > 1) {
                assertThat(hits(0x7001, size)).isFalse();
                assertThat(hits(0x8000 - size + 1, size)).isFalse();
            }
        }
        assertThat(filter.places[line] >>> 20).isEqualTo(2047);
        assertThat(filter.places[line] & 0xFFFFF).isEqualTo(0x5000);
        assertThat(filter.chunks[line]).isSameAs(chunk);
        assertThat(filter.frames[line]).isEqualTo(FRAME);
    }

    @Test
    void anEvicted4KPageTakesItsLineWithIt() {
        filter.fill(0x7000, FRAME, chunk, 3);
        filter.fill(0x8000, FRAME + 0x1000, chunk, 4);
        filter.dropEntry(9, 0x7000, 0);
        assertThat(hits(0x7000, 1)).isTrue();
        filter.dropEntry(3, 0x7000, 0);
        assertThat(hits(0x7000, 1)).isFalse();
        assertThat(hits(0x8000, 1)).isTrue();
    }

    @Test
    void anEvictedSuperpageTakesAllItsLinesWithIt() {
        filter.fill(0x20_0000, FRAME, chunk, 3);
        filter.fill(0x20_1000, FRAME + 0x1000, chunk, 3);
        filter.fill(0x20_2000, FRAME + 0x1000, chunk, 4);
        filter.dropEntry(3, 0x20_0000, 1);
        assertThat(hits(0x20_0000, 1)).isFalse();
        assertThat(hits(0x20_1000, 1)).isFalse();
        assertThat(hits(0x20_2000, 1)).isTrue();
    }

    @Test
    void aFrameIsDroppedUnderAllItsAddresses() {
        filter.fill(0x7000, FRAME, chunk, 3);
        filter.fill(0x9000, FRAME, chunk, 4);
        filter.fill(0xA000, FRAME + 0x1000, chunk, 5);
        filter.dropFrame(FRAME);
        assertThat(hits(0x7000, 1)).isFalse();
        assertThat(hits(0x9000, 1)).isFalse();
        assertThat(hits(0xA000, 1)).isTrue();
        filter.clear();
        assertThat(hits(0xA000, 1)).isFalse();
    }

    @Test
    void whereALineHitsBytesAreReadAndWrittenInPlace() {
        filter.fill(0x7123, FRAME + 0x123, chunk, 2047);
        long va = 0x7FF0;
        int offset = PhysicalMemory.chunkOffset(FRAME) + 0xFF0;

        filter.writeLong(filter.place(va, L0Filter.DOUBLE), va, 0xF1E2_D3C4_B5A6_9788L);
        assertThat(filter.readLong(filter.place(va, L0Filter.DOUBLE), va)).isEqualTo(0xF1E2_D3C4_B5A6_9788L);
        assertThat(filter.readInt(filter.place(va, L0Filter.WORD), va)).isEqualTo(0xB5A6_9788);
        assertThat(filter.readShort(filter.place(va, L0Filter.HALF), va)).isEqualTo((short) 0x9788);
        assertThat(filter.readByte(filter.place(va, L0Filter.BYTE), va)).isEqualTo((byte) 0x88);
        assertThat(chunk[offset]).isEqualTo((byte) 0x88);
        assertThat(chunk[offset + 7]).isEqualTo((byte) 0xF1);

        filter.writeInt(filter.place(va + 8, L0Filter.WORD), va + 8, 0x0102_0304);
        filter.writeShort(filter.place(va + 12, L0Filter.HALF), va + 12, (short) 0x0506);
        filter.writeByte(filter.place(va + 15, L0Filter.BYTE), va + 15, (byte) 7);
        assertThat(Arrays.copyOfRange(chunk, offset + 8, offset + 16)).containsExactly(4, 3, 2, 1, 6, 5, 0, 7);
    }

    @Test
    void aPlaceIsThatOfAnAlignedAccessToAFilledPageOnly() {
        filter.fill(0x7000, FRAME, chunk, 3);
        long[] masks = {L0Filter.BYTE, L0Filter.HALF, L0Filter.WORD, L0Filter.DOUBLE};
        for (int size = 0; size < 4; size++) {
            assertThat(filter.place(0x7010, masks[size])).isEqualTo(filter.places[filter.lineOf(0x7000)]);
            assertThat(filter.place(0x7011, masks[size])).isEqualTo(size == 0 ? 3 << 20 | 0x5000 : -1);
            assertThat(filter.place(0x7010 + 256 * 4096, masks[size])).isEqualTo(-1);
            assertThat(filter.place(0x8010, masks[size])).isEqualTo(-1);
        }
    }
}
