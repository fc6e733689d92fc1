package dev.pagewalk.tools.testing;

import dev.pagewalk.images.catalog.ImageCatalog;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An ELF file of the catalog whose fields tests overwrite. Offsets are those of the ELF-64 object file format. */
public final class ElfBytes {
    public static final int CLASS = 4;
    public static final int DATA_ENCODING = 5;
    public static final int TYPE = 16;
    public static final int MACHINE = 18;
    public static final int ENTRY = 24;
    public static final int PROGRAM_HEADER_OFFSET = 32;
    public static final int FLAGS = 48;
    public static final int PROGRAM_HEADER_SIZE = 54;
    public static final int PROGRAM_HEADER_COUNT = 56;

    /** Within a program header. */
    public static final int SEGMENT_TYPE = 0;

    public static final int SEGMENT_OFFSET = 8;
    public static final int SEGMENT_ADDRESS = 16;
    public static final int SEGMENT_FILE_SIZE = 32;
    public static final int SEGMENT_MEMORY_SIZE = 40;

    private final ByteBuffer bytes;

    private ElfBytes(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public static ElfBytes of(String guest) {
        return new ElfBytes(
                ImageCatalog.image(guest).orElseThrow().toByteArray().clone());
    }

    public ElfBytes with8(int offset, int value) {
        bytes.put(offset, (byte) value);
        return this;
    }

    public ElfBytes with16(int offset, int value) {
        bytes.putShort(offset, (short) value);
        return this;
    }

    public ElfBytes with32(int offset, int value) {
        bytes.putInt(offset, value);
        return this;
    }

    public ElfBytes with64(int offset, long value) {
        bytes.putLong(offset, value);
        return this;
    }

    /** The place of a field of a program header. */
    public int segment(int index, int field) {
        return (int) bytes.getLong(PROGRAM_HEADER_OFFSET) + index * bytes.getShort(PROGRAM_HEADER_SIZE) + field;
    }

    public long get64(int offset) {
        return bytes.getLong(offset);
    }

    public byte[] toByteArray() {
        return bytes.array().clone();
    }
}
