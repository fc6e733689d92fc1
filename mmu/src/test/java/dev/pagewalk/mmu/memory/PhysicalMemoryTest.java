package dev.pagewalk.mmu.memory;

import static dev.pagewalk.mmu.memory.PhysicalMemory.CHUNK_BYTES;
import static dev.pagewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;
import static dev.pagewalk.mmu.memory.PhysicalMemory.RAM_BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhysicalMemoryTest {
    private static final long GIB = 1L << 30;

    private final PhysicalMemory memory = new PhysicalMemory(4L * CHUNK_BYTES);

    @Test
    void startsAtTheRamBaseAndEndsAfterItsSize() {
        assertThat(memory.baseAddress()).isEqualTo(0x8000_0000L);
        assertThat(memory.sizeBytes()).isEqualTo(4 << 20);
        assertThat(memory.endAddress()).isEqualTo(0x8040_0000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4096, (64 << 10) - 1, (64 << 10) + 1, (64L << 30) + 4096, -4096, Long.MIN_VALUE})
    void refusesOtherSizes(long sizeBytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PhysicalMemory(sizeBytes))
                .withMessageContaining("" + sizeBytes)
                .withMessageContaining("RAM must be");
    }

    @Test
    void storesLittleEndian() {
        memory.writeLong(RAM_BASE + 8, 0xF1E2D3C4B5A69788L);
        assertThat(memory.readLong(RAM_BASE + 8)).isEqualTo(0xF1E2D3C4B5A69788L);
        assertThat(memory.readInt(RAM_BASE + 8)).isEqualTo(0xB5A69788);
        assertThat(memory.readShort(RAM_BASE + 8)).isEqualTo(0x9788);
        assertThat(memory.readByte(RAM_BASE + 8)).isEqualTo(0x88);
        assertThat(memory.readByte(RAM_BASE + 15)).isEqualTo(0xF1);
    }

    @Test
    void writesNoMoreThanItsSize() {
        memory.writeLong(RAM_BASE, -1);
        memory.writeByte(RAM_BASE, 0x1FF00);
        memory.writeShort(RAM_BASE + 2, 0xABC1234);
        memory.writeInt(RAM_BASE + 4, 0x01020304);
        assertThat(memory.readLong(RAM_BASE)).isEqualTo(0x0102_0304_1234_FF00L);
    }

    @Test
    void accessesMisalignedAddresses() {
        memory.writeLong(RAM_BASE + 3, 0x1122334455667788L);
        assertThat(memory.readLong(RAM_BASE + 3)).isEqualTo(0x1122334455667788L);
        assertThat(memory.readInt(RAM_BASE + 5)).isEqualTo(0x33445566);
    }

    @Test
    void readsUntouchedRamAsZeroWithoutAllocating() {
        assertThat(memory.readLong(RAM_BASE)).isZero();
        assertThat(memory.readInt(RAM_BASE + CHUNK_BYTES)).isZero();
        assertThat(memory.readShort(RAM_BASE)).isZero();
        assertThat(memory.readByte(RAM_BASE)).isZero();
        byte[] target = {1, 2, 3};
        memory.read(RAM_BASE, target, 0, 3);
        assertThat(target).containsOnly(0);
        memory.zero(RAM_BASE, memory.sizeBytes());
        memory.copy(RAM_BASE, RAM_BASE + CHUNK_BYTES, CHUNK_BYTES);
        assertThat(memory.isZeroFrame(RAM_BASE)).isTrue();
        assertThat(memory.allocatedBytes()).isZero();
    }

    @Test
    void backs64GibLazily() {
        PhysicalMemory large = new PhysicalMemory(64 * GIB);
        long last = large.endAddress() - 8;
        large.writeLong(last, 42);
        large.writeLong(RAM_BASE + 33 * GIB, 43);
        assertThat(large.readLong(last)).isEqualTo(42);
        assertThat(large.readLong(RAM_BASE + 33 * GIB)).isEqualTo(43);
        assertThat(large.readLong(RAM_BASE + 32 * GIB)).isZero();
        assertThat(large.allocatedBytes()).isEqualTo(2 * CHUNK_BYTES);
        List<Long> frames = new ArrayList<>();
        large.forEachNonZeroFrame((frame, chunk, offset) -> frames.add(frame));
        assertThat(frames).containsExactly(RAM_BASE + 33 * GIB, last & -4096);
    }

    @Test
    void theLastChunkEndsWithRam() {
        PhysicalMemory small = new PhysicalMemory(CHUNK_BYTES + 2 * FRAME_BYTES);
        assertThat(small.chunk(RAM_BASE + CHUNK_BYTES)).hasSize(2 * FRAME_BYTES);
        assertThat(small.chunk(RAM_BASE)).hasSize(CHUNK_BYTES);
        assertThat(small.allocatedBytes()).isEqualTo(small.sizeBytes());
    }

    @Test
    void aChunkIsTheMemoryItself() {
        long address = RAM_BASE + CHUNK_BYTES + 5;
        byte[] chunk = memory.chunk(address);
        chunk[PhysicalMemory.chunkOffset(address)] = 7;
        assertThat(memory.readByte(address)).isEqualTo(7);
        assertThat(memory.chunk(address + 1000)).isSameAs(chunk);
    }

    @Test
    void knowsWhatItContainsWithoutOverflowing() {
        assertThat(memory.contains(RAM_BASE, memory.sizeBytes())).isTrue();
        assertThat(memory.contains(RAM_BASE, memory.sizeBytes() + 1)).isFalse();
        assertThat(memory.contains(RAM_BASE - 1, 1)).isFalse();
        assertThat(memory.contains(memory.endAddress() - 1, 1)).isTrue();
        assertThat(memory.contains(memory.endAddress() - 1, 2)).isFalse();
        assertThat(memory.contains(memory.endAddress(), 1)).isFalse();
        assertThat(memory.contains(RAM_BASE, Long.MAX_VALUE)).isFalse();
        assertThat(memory.contains(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
        assertThat(memory.contains(-1, 1)).isFalse();
        assertThat(memory.contains(Long.MIN_VALUE, 8)).isFalse();
        assertThat(memory.contains(RAM_BASE, -1)).isFalse();
        assertThat(memory.contains(RAM_BASE, 0)).isTrue();
        assertThat(memory.contains(memory.endAddress(), 0)).isTrue();
        assertThat(memory.contains(memory.endAddress() + 1, 0)).isFalse();
    }

    @Test
    void anAccessOutsideNamesTheAddressAndTheBounds() {
        for (long address : new long[] {RAM_BASE - 1, memory.endAddress() - 7, memory.endAddress(), 0, -1}) {
            assertThatThrownBy(() -> memory.readLong(address))
                    .isInstanceOf(OutsideRamException.class)
                    .hasMessageContaining("0x%x are", address)
                    .hasMessageContaining("0x80000000 to 0x803fffff");
            assertThatThrownBy(() -> memory.writeLong(address, 1)).isInstanceOf(OutsideRamException.class);
        }
        assertThatThrownBy(() -> memory.zero(RAM_BASE, memory.sizeBytes() + 1)).isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> memory.copy(RAM_BASE, memory.endAddress() - 1, 2))
                .isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> memory.copy(memory.endAddress() - 1, RAM_BASE, 2))
                .isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> memory.copy(RAM_BASE, RAM_BASE - 4096, 0)).isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> memory.copy(RAM_BASE - 4096, RAM_BASE, 0)).isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> memory.read(memory.endAddress() - 1, new byte[2], 0, 2))
                .isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> memory.read(memory.endAddress() + 1, new byte[2], 0, 0))
                .isInstanceOf(OutsideRamException.class);
        assertThatThrownBy(() -> memory.write(RAM_BASE - 1, new byte[2], 0, 2)).isInstanceOf(OutsideRamException.class);
        assertThat(memory.allocatedBytes()).isZero();
    }

    @Test
    void bulkAccessesCrossChunks() {
        byte[] source = new byte[2 * CHUNK_BYTES + 100];
        for (int index = 0; index < source.length; index++) {
            source[index] = (byte) (index * 31 + (index >>> 8) + 1);
        }
        long address = RAM_BASE + CHUNK_BYTES - 50;
        memory.write(address, source, 3, source.length - 3);
        byte[] target = new byte[source.length];
        memory.read(address, target, 3, source.length - 3);
        target[0] = source[0];
        target[1] = source[1];
        target[2] = source[2];
        assertThat(target).isEqualTo(source);
        assertThat(memory.readByte(address - 1)).isZero();

        memory.zero(address + 10, CHUNK_BYTES);
        assertThat(memory.readByte(address + 9)).isEqualTo(source[12] & 0xFF);
        assertThat(memory.readByte(address + 10)).isZero();
        assertThat(memory.readByte(address + 9 + CHUNK_BYTES)).isZero();
        assertThat(memory.readByte(address + 10 + CHUNK_BYTES)).isEqualTo(source[13 + CHUNK_BYTES] & 0xFF);
    }

    @Test
    void copiesAcrossChunksAndFromUntouchedOnes() {
        long from = RAM_BASE + CHUNK_BYTES - 3;
        memory.write(from, new byte[] {1, 2, 3, 4, 5, 6}, 0, 6);
        memory.writeByte(RAM_BASE + 3L * CHUNK_BYTES + 4, 7);
        memory.copy(from, RAM_BASE + 3L * CHUNK_BYTES - 2, 6);
        byte[] target = new byte[7];
        memory.read(RAM_BASE + 3L * CHUNK_BYTES - 2, target, 0, 7);
        assertThat(target).containsExactly(1, 2, 3, 4, 5, 6, 7);

        PhysicalMemory other = new PhysicalMemory(4L * CHUNK_BYTES);
        other.writeLong(RAM_BASE, -1);
        other.copy(RAM_BASE + CHUNK_BYTES, RAM_BASE, 4);
        assertThat(other.readLong(RAM_BASE)).isEqualTo(0xFFFF_FFFF_0000_0000L);
    }

    @Test
    void readsWhatIsUntouchedOverTheBytesThatAreAskedForOnly() {
        memory.writeByte(RAM_BASE + CHUNK_BYTES - 1, 1);
        byte[] target = {9, 9, 9, 9, 9, 9};
        memory.read(RAM_BASE + CHUNK_BYTES - 1, target, 1, 4);
        assertThat(target).containsExactly(9, 1, 0, 0, 0, 9);
    }

    @Test
    void copiesEachPieceToItsOwnPlace() {
        for (int index = 0; index < 3; index++) {
            memory.writeByte(RAM_BASE + (long) index * CHUNK_BYTES, index + 1);
        }
        PhysicalMemory large = new PhysicalMemory(8L * CHUNK_BYTES);
        for (int index = 0; index < 3; index++) {
            large.writeByte(RAM_BASE + (long) index * CHUNK_BYTES, index + 1);
            large.writeByte(RAM_BASE + (long) index * CHUNK_BYTES + 4096, index + 11);
        }
        large.copy(RAM_BASE, RAM_BASE + 4L * CHUNK_BYTES + 100, 3L * CHUNK_BYTES);
        for (int index = 0; index < 3; index++) {
            long copy = RAM_BASE + (4L + index) * CHUNK_BYTES + 100;
            assertThat(large.readByte(copy)).isEqualTo(index + 1);
            assertThat(large.readByte(copy + 4096)).isEqualTo(index + 11);
        }
    }

    @Test
    void visitsFramesThatAreNotZeroInAscendingOrder() {
        memory.writeByte(RAM_BASE + 3L * CHUNK_BYTES, 1);
        memory.writeByte(RAM_BASE + FRAME_BYTES - 1, 2);
        memory.writeByte(RAM_BASE + 7 * FRAME_BYTES, 3);
        memory.writeByte(RAM_BASE + 8 * FRAME_BYTES, 0);
        List<String> visits = new ArrayList<>();
        memory.forEachNonZeroFrame((frame, chunk, offset) -> {
            assertThat(chunk).isSameAs(memory.chunk(frame));
            visits.add(Long.toHexString(frame) + "/" + offset);
        });
        assertThat(visits).containsExactly("80000000/0", "80007000/28672", "80300000/0");
        assertThat(memory.isZeroFrame(RAM_BASE + 5)).isFalse();
        assertThat(memory.isZeroFrame(RAM_BASE + 8 * FRAME_BYTES + 5)).isTrue();
    }

    @Test
    void countsTheZeroBytesUpToTheNextOtherOneOrTheEndOfTheFrame() {
        assertThat(memory.zeroBytesInFrame(RAM_BASE)).isEqualTo(FRAME_BYTES);
        assertThat(memory.allocatedBytes()).isZero();

        memory.writeByte(RAM_BASE + 100, 1);
        memory.writeByte(RAM_BASE + FRAME_BYTES, 1);
        assertThat(memory.zeroBytesInFrame(RAM_BASE)).isEqualTo(100);
        assertThat(memory.zeroBytesInFrame(RAM_BASE + 99)).isEqualTo(1);
        assertThat(memory.zeroBytesInFrame(RAM_BASE + 100)).isZero();
        assertThat(memory.zeroBytesInFrame(RAM_BASE + 101)).isEqualTo(FRAME_BYTES - 101);
        assertThat(memory.zeroBytesInFrame(RAM_BASE + FRAME_BYTES - 1)).isEqualTo(1);
    }

    @Test
    void restoresWhatItHeldIntoItselfOrIntoAnother() {
        memory.writeLong(RAM_BASE + 8, 11);
        memory.writeLong(RAM_BASE + 2L * CHUNK_BYTES, 12);
        byte[] chunk = memory.chunk(RAM_BASE);
        MemorySnapshot snapshot = memory.snapshot();
        assertThat(snapshot.frameCount()).isEqualTo(2);
        memory.writeLong(RAM_BASE + 8, 21);
        memory.writeLong(RAM_BASE + CHUNK_BYTES, 22);
        PhysicalMemory other = new PhysicalMemory(memory.sizeBytes());
        for (PhysicalMemory restored : List.of(memory, other)) {
            restored.restore(snapshot);
            assertThat(restored.readLong(RAM_BASE + 8)).isEqualTo(11);
            assertThat(restored.readLong(RAM_BASE + CHUNK_BYTES)).isZero();
            assertThat(restored.readLong(RAM_BASE + 2L * CHUNK_BYTES)).isEqualTo(12);
        }
        assertThat(memory.chunk(RAM_BASE)).isSameAs(chunk);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PhysicalMemory(CHUNK_BYTES).restore(snapshot))
                .withMessageContaining("4194304");
    }

    @Test
    void snapshotsShareTheFramesThatAreAsTheyWere() {
        for (int frame = 0; frame < 6; frame += 2) {
            memory.writeLong(RAM_BASE + (long) frame * FRAME_BYTES, frame + 1);
        }
        MemorySnapshot first = memory.snapshot();
        memory.writeLong(RAM_BASE + FRAME_BYTES, 7);
        memory.writeLong(RAM_BASE + 2 * FRAME_BYTES, 8);
        memory.writeLong(RAM_BASE + 4 * FRAME_BYTES, 0);
        memory.writeLong(RAM_BASE + 9 * FRAME_BYTES, 9);
        MemorySnapshot second = memory.snapshot(first);

        assertThat(second.frameCount()).isEqualTo(4);
        assertThat(second.frame(0)).isSameAs(first.frame(0));
        // New, changed, and behind the last of the first one.
        assertThat(second.bytesNotSharedWith(first)).isEqualTo(3 * FRAME_BYTES);
        assertThat(first.bytesNotSharedWith(second)).isEqualTo(2 * FRAME_BYTES);
        assertThat(second.bytesNotSharedWith(second)).isZero();
        assertThat(memory.snapshot().bytesNotSharedWith(second)).isEqualTo(4 * FRAME_BYTES);

        memory.zero(RAM_BASE, memory.sizeBytes());
        memory.restore(second);
        assertThat(memory.readLong(RAM_BASE)).isEqualTo(1);
        assertThat(memory.readLong(RAM_BASE + FRAME_BYTES)).isEqualTo(7);
        assertThat(memory.readLong(RAM_BASE + 2 * FRAME_BYTES)).isEqualTo(8);
        assertThat(memory.readLong(RAM_BASE + 4 * FRAME_BYTES)).isZero();
    }
}
