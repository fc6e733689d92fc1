package dev.pagewalk.images.elf;

import static dev.pagewalk.images.elf.ElfConstants.*;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads section headers and symbols, which serve people only: whatever is missing or corrupt there is left out, and the
 * image stays loadable.
 */
final class ElfSymbolReader {
    private static final int MAX_NAME_BYTES = 4096;

    private final ByteBuffer file;
    private final long tableOffset;
    private final int sectionCount;
    private final String[] sectionNames;
    /** Names may overlap in a hostile string table: all of them together may not cost much more than the file. */
    private long nameBytesLeft;

    private final List<ElfSection> sections = new ArrayList<>();
    private final List<ElfSymbol> symbols = new ArrayList<>();

    private ElfSymbolReader(ByteBuffer file) {
        this.file = file;
        tableOffset = file.getLong(40);
        int count = Short.toUnsignedInt(file.getShort(60));
        boolean usable = Short.toUnsignedInt(file.getShort(58)) == SECTION_HEADER_SIZE_BYTES
                && inFile(tableOffset, (long) count * SECTION_HEADER_SIZE_BYTES);
        sectionCount = usable ? count : 0;
        sectionNames = new String[sectionCount];
        nameBytesLeft = 4L * file.capacity();
    }

    /** Reads what can be read of {@code file}, whose ELF header is complete. */
    static ElfSymbolReader read(ByteBuffer file) {
        ElfSymbolReader reader = new ElfSymbolReader(file);
        reader.readSections();
        reader.readSymbols();
        return reader;
    }

    List<ElfSection> sections() {
        return sections;
    }

    List<ElfSymbol> symbols() {
        return symbols;
    }

    private void readSections() {
        for (int i = 1; i < sectionCount; i++) {
            int header = header(i);
            long flags = file.getLong(header + 8);
            if ((flags & SHF_ALLOC) != 0) {
                sections.add(new ElfSection(
                        sectionName(i),
                        file.getLong(header + 16),
                        file.getLong(header + 32),
                        (flags & SHF_WRITE) != 0,
                        (flags & SHF_EXECINSTR) != 0,
                        file.getInt(header + 4) == SHT_NOBITS));
            }
        }
    }

    private void readSymbols() {
        for (int i = 1; i < sectionCount; i++) {
            int header = header(i);
            if (file.getInt(header + 4) == SHT_SYMTAB) {
                readSymbols(file.getLong(header + 24), file.getLong(header + 32), file.getInt(header + 40));
                return;
            }
        }
    }

    private void readSymbols(long offset, long sizeBytes, int stringTable) {
        if (!inFile(offset, sizeBytes)) {
            return;
        }
        long count = sizeBytes / SYMBOL_SIZE_BYTES;
        for (int i = 1; i < count; i++) {
            int entry = (int) offset + i * SYMBOL_SIZE_BYTES;
            int info = Byte.toUnsignedInt(file.get(entry + 4));
            int section = Short.toUnsignedInt(file.getShort(entry + 6));
            int type = info & 15;
            String name = string(stringTable, file.getInt(entry));
            boolean known = type == STT_NOTYPE || type == STT_OBJECT || type == STT_FUNC;
            boolean placed = section == SHN_ABS || section != SHN_UNDEF && section < sectionCount;
            if (known && placed && !name.isEmpty() && !isMappingSymbol(name)) {
                symbols.add(new ElfSymbol(
                        name,
                        file.getLong(entry + 8),
                        file.getLong(entry + 16),
                        kind(type),
                        info >>> 4 != STB_LOCAL,
                        section == SHN_ABS ? "" : sectionName(section)));
            }
        }
    }

    /** psABI, "Mapping Symbol": $x and $d tell tools where code and data begin; they name nothing. */
    private static boolean isMappingSymbol(String name) {
        return name.startsWith("$x") || name.equals("$d") || name.startsWith("$d.");
    }

    private static ElfSymbol.Kind kind(int type) {
        return switch (type) {
            case STT_OBJECT -> ElfSymbol.Kind.OBJECT;
            case STT_FUNC -> ElfSymbol.Kind.FUNCTION;
            default -> ElfSymbol.Kind.UNSPECIFIED;
        };
    }

    private String sectionName(int index) {
        if (sectionNames[index] == null) {
            sectionNames[index] = string(Short.toUnsignedInt(file.getShort(62)), file.getInt(header(index)));
        }
        return sectionNames[index];
    }

    /** The NUL-terminated string at {@code offset} of a string table section; empty where there is none. */
    private String string(int section, int offset) {
        if (section <= 0 || section >= sectionCount || file.getInt(header(section) + 4) != SHT_STRTAB) {
            return "";
        }
        long start = file.getLong(header(section) + 24);
        long size = file.getLong(header(section) + 32);
        if (!inFile(start, size) || offset < 0 || offset >= size) {
            return "";
        }
        int first = (int) start + offset;
        int limit = (int) Math.min(start + size, first + Math.min(nameBytesLeft, MAX_NAME_BYTES));
        int end = first;
        while (end < limit && file.get(end) != 0) {
            end++;
        }
        nameBytesLeft -= end - first;
        byte[] bytes = new byte[end - first];
        file.get(first, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int header(int section) {
        return (int) tableOffset + section * SECTION_HEADER_SIZE_BYTES;
    }

    private boolean inFile(long offset, long sizeBytes) {
        long lengthBytes = file.capacity();
        return offset >= 0 && sizeBytes >= 0 && offset <= lengthBytes && sizeBytes <= lengthBytes - offset;
    }
}
