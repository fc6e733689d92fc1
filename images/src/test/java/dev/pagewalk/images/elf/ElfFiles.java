package dev.pagewalk.images.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Valid executables for tests, and a way to put lies into them. */
final class ElfFiles {
    static final int TYPE = 16;
    static final int MACHINE = 18;
    static final int ENTRY = 24;
    static final int PROGRAM_HEADERS_OFFSET = 32;
    static final int SECTION_HEADERS_OFFSET = 40;
    static final int FLAGS = 48;
    static final int PROGRAM_HEADER_SIZE = 54;
    static final int PROGRAM_HEADER_COUNT = 56;
    static final int SECTION_NAMES_INDEX = 62;
    /** The program headers begin behind the ELF header. */
    static final int FIRST_SEGMENT = 64;

    static final int SECOND_SEGMENT = FIRST_SEGMENT + 56;
    static final int SEGMENT_OFFSET = 8;
    static final int SEGMENT_ADDRESS = 16;
    static final int SEGMENT_FILE_SIZE = 32;
    static final int SEGMENT_MEMORY_SIZE = 40;
    static final int SEGMENT_ALIGNMENT = 48;

    private ElfFiles() {}

    /** Code at 0x10000, eight data bytes at 0x11000 and 0x2000 zero bytes at 0x12000; symbols _start, data and LIMIT. */
    static byte[] valid() {
        return ElfWriter.write(
                0x10004,
                List.of(
                        new ElfWriter.Section(
                                ".text", 0x10000, new byte[] {0x13, 0, 0, 0, 0x73, 0, 0, 0}, 8, false, true),
                        new ElfWriter.Section(".data", 0x11000, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 8, true, false),
                        new ElfWriter.Section(".bss", 0x12000, new byte[0], 0x2000, true, false)),
                List.of(
                        new ElfSymbol("_start", 0x10004, 4, ElfSymbol.Kind.FUNCTION, true, ".text"),
                        new ElfSymbol("data", 0x11000, 8, ElfSymbol.Kind.OBJECT, false, ".data"),
                        new ElfSymbol("LIMIT", 42, 0, ElfSymbol.Kind.UNSPECIFIED, false, "")));
    }

    static ByteBuffer view(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] withByte(int offset, int value) {
        byte[] file = valid();
        file[offset] = (byte) value;
        return file;
    }

    static byte[] withShort(int offset, int value) {
        byte[] file = valid();
        view(file).putShort(offset, (short) value);
        return file;
    }

    static byte[] withInt(int offset, int value) {
        byte[] file = valid();
        view(file).putInt(offset, value);
        return file;
    }

    static byte[] withLong(int offset, long value) {
        byte[] file = valid();
        view(file).putLong(offset, value);
        return file;
    }
}
