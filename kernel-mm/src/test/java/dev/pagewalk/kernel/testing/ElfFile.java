package dev.pagewalk.kernel.testing;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ImageFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Builds ELF files byte by byte, for segments that no assembler lays out so. */
public final class ElfFile {
    /** {@code li a0, 0; li a7, 94; ecall}. */
    public static final int[] EXIT_0 = {0x00000513, 0x05e00893, 0x00000073};

    public static final int R = 4;
    public static final int W = 2;
    public static final int X = 1;

    private final List<Segment> segments = new ArrayList<>();
    private long headersAt = -1;

    private record Segment(long address, byte[] content, long memorySizeBytes, int flags) {}

    /** Code to execute and read. */
    public ElfFile code(long address, int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return segment(address, bytes.array(), bytes.capacity(), R | X);
    }

    /** A segment; what {@code content} does not fill is zero. */
    public ElfFile segment(long address, byte[] content, long memorySizeBytes, int flags) {
        segments.add(new Segment(address, content, memorySizeBytes, flags));
        return this;
    }

    /** Adds a read-only segment that holds the file's headers. */
    public ElfFile headersInFirstSegment(long address) {
        headersAt = address;
        return this;
    }

    public ElfImage image(long entryPoint) {
        int count = segments.size() + (headersAt < 0 ? 0 : 1);
        int headerBytes = 64 + 56 * count;
        int size = headerBytes;
        for (Segment segment : segments) {
            size = (size + 4095 & -4096) + 4096 + segment.content.length;
        }
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) 243).putInt(1);
        file.putLong(entryPoint).putLong(64).putLong(0).putInt(0).putShort((short) 64);
        file.putShort((short) 56).putShort((short) count).putShort((short) 64);
        file.position(64);
        if (headersAt >= 0) {
            put(file, 0, headersAt, headerBytes, headerBytes, R);
        }
        int offset = headerBytes;
        for (Segment segment : segments) {
            offset = (offset + 4095 & -4096) + (int) (segment.address & 4095);
            put(file, offset, segment.address, segment.content.length, segment.memorySizeBytes, segment.flags);
            file.put(offset, segment.content);
            offset += segment.content.length;
        }
        try {
            return ElfReader.read(file.array());
        } catch (ImageFormatException e) {
            throw new AssertionError(e);
        }
    }

    private static void put(ByteBuffer file, long offset, long address, long fileBytes, long memoryBytes, int flags) {
        file.putInt(1).putInt(flags).putLong(offset).putLong(address).putLong(address);
        file.putLong(fileBytes).putLong(memoryBytes).putLong(4096);
    }
}
