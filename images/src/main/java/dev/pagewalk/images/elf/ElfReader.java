package dev.pagewalk.images.elf;

import static dev.pagewalk.images.elf.ElfConstants.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Judges a file: an {@link ElfImage} where this machine can load and run it, else one line why not. The command line and
 * the kernel's exec call it; nothing that the file says is believed before it has been checked.
 */
public final class ElfReader {
    /** Linux refuses a program header table of more than 64 KiB; so do we. */
    private static final int MAX_PROGRAM_HEADERS = 65536 / PROGRAM_HEADER_SIZE_BYTES;

    private final ByteBuffer file;
    private final long lengthBytes;

    private ElfReader(byte[] bytes) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        lengthBytes = bytes.length;
    }

    /**
     * Reads an image. The result keeps {@code bytes} and shows parts of it: do not change them afterwards.
     *
     * @throws ImageFormatException where the file is no image for this machine
     */
    public static ElfImage read(byte[] bytes) throws ImageFormatException {
        return new ElfReader(bytes).readImage();
    }

    private ElfImage readImage() throws ImageFormatException {
        checkIdentification();
        checkKind();
        long tableOffset = file.getLong(32);
        int count = Short.toUnsignedInt(file.getShort(56));
        checkProgramHeaderTable(tableOffset, count);
        List<ElfSegment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int header = (int) tableOffset + i * PROGRAM_HEADER_SIZE_BYTES;
            int type = file.getInt(header);
            if (type == PT_INTERP) {
                throw new ImageFormatException("dynamically linked (it asks for an interpreter): link with -static");
            }
            if (type == PT_LOAD && !isEmpty(header)) {
                segments.add(segment(header, "segment " + i));
            }
        }
        segments.sort(Comparator.comparing(ElfSegment::virtualAddress, Long::compareUnsigned));
        checkDisjoint(segments);
        long entryPoint = file.getLong(24);
        checkEntryPoint(entryPoint, segments);
        ElfSymbolReader names = ElfSymbolReader.read(file);
        return new ElfImage(
                entryPoint,
                file.getInt(48),
                segments,
                addressOf(tableOffset, (long) count * PROGRAM_HEADER_SIZE_BYTES, segments),
                PROGRAM_HEADER_SIZE_BYTES,
                count,
                names.sections(),
                names.symbols(),
                file);
    }

    private void checkIdentification() throws ImageFormatException {
        if (lengthBytes == 0) {
            throw new ImageFormatException(
                    "the file is empty: a RISC-V ELF executable or an assembly source is needed");
        }
        if (lengthBytes < 4 || file.getInt(0) != MAGIC) {
            throw new ImageFormatException("not an ELF file (it does not begin with 7F 45 4C 46)");
        }
        if (lengthBytes < 20) {
            throw truncatedHeader();
        }
        int fileClass = file.get(EI_CLASS);
        if (fileClass != ELFCLASS64) {
            throw new ImageFormatException(
                    fileClass == ELFCLASS32
                            ? "a 32-bit ELF file: a 64-bit one (rv64) is needed"
                            : "ELF class " + Byte.toUnsignedInt(file.get(EI_CLASS))
                                    + " is unknown: 2 (64-bit) is needed");
        }
        int encoding = file.get(EI_DATA);
        if (encoding != ELFDATA2LSB) {
            throw new ImageFormatException(
                    encoding == ELFDATA2MSB
                            ? "a big-endian ELF file: a little-endian one is needed"
                            : "ELF data encoding " + Byte.toUnsignedInt(file.get(EI_DATA))
                                    + " is unknown: 1 (little-endian) is needed");
        }
        if (file.get(EI_VERSION) != EV_CURRENT) {
            throw new ImageFormatException(
                    "ELF version " + Byte.toUnsignedInt(file.get(EI_VERSION)) + " is unknown: 1 is needed");
        }
        int machine = Short.toUnsignedInt(file.getShort(18));
        if (machine != EM_RISCV) {
            throw new ImageFormatException(
                    "made for " + machineName(machine) + ": an image for RISC-V (rv64) is needed");
        }
        if (lengthBytes < HEADER_SIZE_BYTES) {
            throw truncatedHeader();
        }
    }

    private ImageFormatException truncatedHeader() {
        return new ImageFormatException(
                "the ELF header is cut off: the file has " + lengthBytes + " bytes of at least " + HEADER_SIZE_BYTES);
    }

    private void checkKind() throws ImageFormatException {
        int type = Short.toUnsignedInt(file.getShort(16));
        if (type != ET_EXEC) {
            throw new ImageFormatException(
                    switch (type) {
                        case ET_REL -> "an object file that is not linked yet: link it with -static -no-pie";
                        case ET_DYN -> "a shared library or position-independent executable: link with -static -no-pie";
                        case ET_CORE -> "a core dump: an executable (linked with -static -no-pie) is needed";
                        default -> "ELF type " + type + " is no executable: link with -static -no-pie";
                    });
        }
        int flags = file.getInt(48);
        if ((flags & EF_RISCV_FLOAT_ABI) != 0) {
            throw unsupportedCode("floating-point registers");
        }
        if ((flags & EF_RISCV_RVE) != 0) {
            throw unsupportedCode("the RV64E register set");
        }
    }

    private static ImageFormatException unsupportedCode(String what) {
        return new ImageFormatException("compiled for " + what + ": compile with -march=rv64imac -mabi=lp64");
    }

    private void checkProgramHeaderTable(long offset, int count) throws ImageFormatException {
        if (count == 0) {
            throw noSegments();
        }
        int entrySize = Short.toUnsignedInt(file.getShort(54));
        if (entrySize != PROGRAM_HEADER_SIZE_BYTES) {
            throw new ImageFormatException(
                    "program headers of " + entrySize + " bytes each: ELF64 has " + PROGRAM_HEADER_SIZE_BYTES);
        }
        if (count > MAX_PROGRAM_HEADERS) {
            throw new ImageFormatException(
                    count + " program headers are too many: at most " + MAX_PROGRAM_HEADERS + " are possible");
        }
        if (!inFile(offset, (long) count * PROGRAM_HEADER_SIZE_BYTES)) {
            throw new ImageFormatException("the program header table (offset " + hex(offset) + ", " + count
                    + " entries) is outside the file of " + lengthBytes + " bytes: the file is cut off or corrupt");
        }
    }

    private boolean isEmpty(int header) {
        return file.getLong(header + 32) == 0 && file.getLong(header + 40) == 0;
    }

    private ElfSegment segment(int header, String name) throws ImageFormatException {
        int flags = file.getInt(header + 4);
        long offset = file.getLong(header + 8);
        long address = file.getLong(header + 16);
        long fileSize = file.getLong(header + 32);
        long memorySize = file.getLong(header + 40);
        long alignment = file.getLong(header + 48);
        if (Long.compareUnsigned(fileSize, memorySize) > 0) {
            throw new ImageFormatException(name + " has more bytes in the file (" + hex(fileSize) + ") than in memory ("
                    + hex(memorySize) + "): the file is corrupt");
        }
        if (fileSize != 0 && !inFile(offset, fileSize)) {
            throw new ImageFormatException(name + " (offset " + hex(offset) + ", size " + hex(fileSize)
                    + ") is outside the file of " + lengthBytes + " bytes: the file is cut off or corrupt");
        }
        // memorySize is at least 1 here, so a segment may end at most one byte below 2^64.
        if (Long.compareUnsigned(address + memorySize, address) <= 0) {
            throw new ImageFormatException(name + " at " + hex(address) + " of " + hex(memorySize)
                    + " bytes reaches past the end of the address space");
        }
        if ((alignment & alignment - 1) != 0) {
            throw new ImageFormatException(
                    name + " has the alignment " + hex(alignment) + ": it must be a power of two");
        }
        if (fileSize != 0 && (address - offset) % PAGE_SIZE_BYTES != 0) {
            throw new ImageFormatException(name + " stands at " + hex(address) + " and at offset " + hex(offset)
                    + " of the file: both must agree modulo 4096 (link with -z max-page-size=4096)");
        }
        return new ElfSegment(
                address,
                offset,
                fileSize,
                memorySize,
                (flags & PF_R) != 0,
                (flags & PF_W) != 0,
                (flags & PF_X) != 0,
                alignment,
                fileSize == 0 ? ByteBuffer.allocate(0) : file.slice((int) offset, (int) fileSize));
    }

    private static void checkDisjoint(List<ElfSegment> sorted) throws ImageFormatException {
        if (sorted.isEmpty()) {
            throw noSegments();
        }
        for (int i = 1; i < sorted.size(); i++) {
            ElfSegment lower = sorted.get(i - 1);
            ElfSegment upper = sorted.get(i);
            if (Long.compareUnsigned(lower.endAddress(), upper.virtualAddress()) > 0) {
                throw new ImageFormatException("the segments at " + hex(lower.virtualAddress()) + " and "
                        + hex(upper.virtualAddress()) + " overlap in memory: each byte must belong to one segment");
            }
        }
    }

    private static ImageFormatException noSegments() {
        return new ImageFormatException("no segment to load (PT_LOAD): link an executable with -static -no-pie");
    }

    private static void checkEntryPoint(long entryPoint, List<ElfSegment> segments) throws ImageFormatException {
        if (segments.stream().noneMatch(segment -> segment.executable() && segment.contains(entryPoint))) {
            throw new ImageFormatException("the entry point " + hex(entryPoint)
                    + " is in no executable segment: define _start, or link with -e SYMBOL");
        }
        if (entryPoint % 2 != 0) {
            throw new ImageFormatException("the entry point " + hex(entryPoint) + " is not a multiple of 2");
        }
    }

    /** The address at which {@code sizeBytes} of the file at {@code offset} stand in memory; 0 where they do not. */
    private static long addressOf(long offset, long sizeBytes, List<ElfSegment> segments) {
        for (ElfSegment segment : segments) {
            long distance = offset - segment.fileOffset();
            if (distance >= 0 && distance <= segment.fileSizeBytes() - sizeBytes) {
                return segment.virtualAddress() + distance;
            }
        }
        return 0;
    }

    private boolean inFile(long offset, long sizeBytes) {
        return offset >= 0 && sizeBytes >= 0 && offset <= lengthBytes && sizeBytes <= lengthBytes - offset;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case 0 -> "no machine";
            case 3 -> "x86 (32-bit)";
            case 8 -> "MIPS";
            case 20 -> "PowerPC";
            case 21 -> "PowerPC64";
            case 22 -> "S/390";
            case 40 -> "ARM (32-bit)";
            case 43 -> "SPARC V9";
            case 62 -> "x86-64";
            case 183 -> "AArch64";
            case 258 -> "LoongArch";
            default -> "ELF machine " + machine;
        };
    }
}
