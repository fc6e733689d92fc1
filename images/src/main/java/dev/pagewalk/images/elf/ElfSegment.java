package dev.pagewalk.images.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One PT_LOAD segment: bytes of the file that stand at an address in memory, followed by zeros.
 *
 * @param virtualAddress the first byte's address, any alignment; congruent to {@code fileOffset} modulo 4096 unless
 *     {@code fileSizeBytes} is 0
 * @param fileOffset where the bytes stand in the file
 * @param fileSizeBytes the bytes that come from the file, at most {@code memorySizeBytes}
 * @param memorySizeBytes the bytes in memory, at least 1; {@code virtualAddress + memorySizeBytes} does not overflow as
 *     an unsigned number
 * @param alignmentBytes p_align as the file gives it: 0, 1 or a power of two
 * @param bytes the {@code fileSizeBytes} bytes from the file
 */
public record ElfSegment(
        long virtualAddress,
        long fileOffset,
        long fileSizeBytes,
        long memorySizeBytes,
        boolean readable,
        boolean writable,
        boolean executable,
        long alignmentBytes,
        ByteBuffer bytes) {

    /** The bytes from the file: a read-only little-endian view of its own, position 0, limit {@code fileSizeBytes}. */
    @Override
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The address after the last byte in memory. */
    public long endAddress() {
        return virtualAddress + memorySizeBytes;
    }

    /** Whether the byte at {@code address} belongs to this segment. */
    public boolean contains(long address) {
        return Long.compareUnsigned(address - virtualAddress, memorySizeBytes) < 0;
    }
}
