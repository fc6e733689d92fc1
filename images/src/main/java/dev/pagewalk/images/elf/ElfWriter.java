package dev.pagewalk.images.elf;

import static dev.pagewalk.images.elf.ElfConstants.*;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a static RISC-V executable: header, program headers, sections, then {@code .symtab}, {@code .strtab},
 * {@code .shstrtab} and the section headers. Equal arguments give equal bytes. The assembler calls it.
 */
public final class ElfWriter {
    private final boolean compressed;
    private final List<Section> sections;
    private final List<ElfSymbol> symbols;
    private final Map<String, Integer> sectionNumbers = new HashMap<>();
    private final List<Integer> offsets = new ArrayList<>();
    private final StringTable sectionNames = new StringTable();
    private final StringTable symbolNames = new StringTable();
    private int symbolTableOffset;
    private int firstGlobalSymbol;

    private ElfWriter(boolean compressed, List<Section> sections, List<ElfSymbol> symbols) {
        this.compressed = compressed;
        this.sections = sections;
        List<ElfSymbol> ordered = new ArrayList<>();
        symbols.stream().filter(symbol -> !symbol.global()).forEach(ordered::add);
        firstGlobalSymbol = ordered.size() + 1;
        symbols.stream().filter(ElfSymbol::global).forEach(ordered::add);
        this.symbols = ordered;
    }

    /**
     * One section to write; one that is not empty becomes a segment of its own.
     *
     * @param virtualAddress the first byte's address
     * @param content the bytes in the file
     * @param memorySizeBytes the bytes in memory, at least {@code content.length}; the rest is zero
     */
    public record Section(
            String name,
            long virtualAddress,
            byte[] content,
            long memorySizeBytes,
            boolean writable,
            boolean executable) {

        private boolean noBits() {
            return content.length == 0 && memorySizeBytes > 0;
        }
    }

    /** The bytes of an executable without compressed instructions. */
    public static byte[] write(long entryPoint, List<Section> sections, List<ElfSymbol> symbols) {
        return write(entryPoint, false, sections, symbols);
    }

    /**
     * The bytes of the executable.
     *
     * @param compressed whether it has compressed instructions, which the file's header says
     * @param sections in the order of the file, with distinct names
     * @param symbols in the order of the symbol table, except that local ones come first; a symbol's section is one of
     *     {@code sections}, or empty
     * @throws IllegalArgumentException where a symbol names no section, or the file would be longer than 1 GiB
     */
    public static byte[] write(long entryPoint, boolean compressed, List<Section> sections, List<ElfSymbol> symbols) {
        return new ElfWriter(compressed, sections, symbols).write(entryPoint);
    }

    private byte[] write(long entryPoint) {
        for (int i = 0; i < sections.size(); i++) {
            sectionNumbers.put(sections.get(i).name(), i + 1);
        }
        int segmentCount =
                (int) sections.stream().filter(s -> s.memorySizeBytes() > 0).count();
        long end = HEADER_SIZE_BYTES + (long) segmentCount * PROGRAM_HEADER_SIZE_BYTES;
        for (Section section : sections) {
            // Offset and address agree modulo the page size, as the loader demands.
            long offset = end + (section.virtualAddress() - end & PAGE_SIZE_BYTES - 1);
            offsets.add(checkedOffset(offset));
            end = section.noBits() ? end : offset + section.content().length;
        }
        symbolTableOffset = checkedOffset(end + 7 & -8);
        ByteBuffer symbolTable = symbolTable();
        int symbolNamesOffset = symbolTableOffset + symbolTable.capacity();
        byte[] names = symbolNames.toByteArray();
        int sectionNamesOffset = symbolNamesOffset + names.length;
        ByteBuffer sectionHeaders =
                sectionHeaders(symbolTable.capacity(), symbolNamesOffset, names.length, sectionNamesOffset);
        byte[] namesOfSections = sectionNames.toByteArray();
        int sectionHeadersOffset = checkedOffset((long) sectionNamesOffset + namesOfSections.length + 7 & -8);

        ByteBuffer out = littleEndian(sectionHeadersOffset + sectionHeaders.capacity());
        putHeader(out, entryPoint, segmentCount, sectionHeadersOffset);
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).memorySizeBytes() > 0) {
                putProgramHeader(out, sections.get(i), offsets.get(i));
            }
        }
        for (int i = 0; i < sections.size(); i++) {
            byte[] content = sections.get(i).content();
            if (content.length > 0) {
                out.put(offsets.get(i), content);
            }
        }
        out.put(symbolTableOffset, symbolTable.array());
        out.put(symbolNamesOffset, names);
        out.put(sectionNamesOffset, namesOfSections);
        out.put(sectionHeadersOffset, sectionHeaders.array());
        return out.array();
    }

    private void putHeader(ByteBuffer out, long entryPoint, int segmentCount, int sectionHeadersOffset) {
        out.putInt(MAGIC).put((byte) ELFCLASS64).put((byte) ELFDATA2LSB).put((byte) EV_CURRENT);
        out.position(16);
        out.putShort((short) ET_EXEC).putShort((short) EM_RISCV).putInt(EV_CURRENT);
        out.putLong(entryPoint).putLong(HEADER_SIZE_BYTES).putLong(sectionHeadersOffset);
        out.putInt(compressed ? EF_RISCV_RVC : 0).putShort((short) HEADER_SIZE_BYTES);
        out.putShort((short) PROGRAM_HEADER_SIZE_BYTES).putShort((short) segmentCount);
        out.putShort((short) SECTION_HEADER_SIZE_BYTES).putShort((short) (sections.size() + 4));
        out.putShort((short) (sections.size() + 3));
    }

    private static void putProgramHeader(ByteBuffer out, Section section, int offset) {
        int flags = PF_R | (section.writable() ? PF_W : 0) | (section.executable() ? PF_X : 0);
        out.putInt(PT_LOAD).putInt(flags).putLong(offset);
        out.putLong(section.virtualAddress()).putLong(section.virtualAddress());
        out.putLong(section.content().length).putLong(section.memorySizeBytes());
        out.putLong(PAGE_SIZE_BYTES);
    }

    private ByteBuffer symbolTable() {
        ByteBuffer table = littleEndian(Math.multiplyExact(SYMBOL_SIZE_BYTES, symbols.size() + 1));
        table.position(SYMBOL_SIZE_BYTES);
        for (ElfSymbol symbol : symbols) {
            int type = switch (symbol.kind()) {
                case UNSPECIFIED -> STT_NOTYPE;
                case OBJECT -> STT_OBJECT;
                case FUNCTION -> STT_FUNC;
            };
            table.putInt(symbolNames.add(symbol.name()));
            table.put((byte) ((symbol.global() ? STB_GLOBAL : STB_LOCAL) << 4 | type));
            table.put((byte) 0);
            table.putShort((short) sectionNumber(symbol));
            table.putLong(symbol.value()).putLong(symbol.sizeBytes());
        }
        return table;
    }

    private int sectionNumber(ElfSymbol symbol) {
        if (symbol.section().isEmpty()) {
            return SHN_ABS;
        }
        Integer number = sectionNumbers.get(symbol.section());
        if (number == null) {
            throw new IllegalArgumentException(
                    symbol.name() + " is in the section " + symbol.section() + ", which is not among those to write");
        }
        return number;
    }

    private ByteBuffer sectionHeaders(
            int symbolTableSize, int symbolNamesOffset, int symbolNamesSize, int sectionNamesOffset) {
        ByteBuffer table = littleEndian((sections.size() + 4) * SECTION_HEADER_SIZE_BYTES);
        table.position(SECTION_HEADER_SIZE_BYTES);
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            int flags = SHF_ALLOC | (section.writable() ? SHF_WRITE : 0) | (section.executable() ? SHF_EXECINSTR : 0);
            table.putInt(sectionNames.add(section.name()))
                    .putInt(section.noBits() ? SHT_NOBITS : SHT_PROGBITS)
                    .putLong(flags)
                    .putLong(section.virtualAddress())
                    .putLong(offsets.get(i))
                    .putLong(section.noBits() ? section.memorySizeBytes() : section.content().length)
                    .putLong(0)
                    .putLong(1)
                    .putLong(0);
        }
        int symbolNamesNumber = sections.size() + 2;
        putTableHeader(table, ".symtab", SHT_SYMTAB, symbolTableOffset, symbolTableSize, symbolNamesNumber);
        putTableHeader(table, ".strtab", SHT_STRTAB, symbolNamesOffset, symbolNamesSize, 0);
        // Its own name counts in its size, so it goes in first.
        sectionNames.add(".shstrtab");
        putTableHeader(table, ".shstrtab", SHT_STRTAB, sectionNamesOffset, sectionNames.sizeBytes(), 0);
        return table;
    }

    private void putTableHeader(ByteBuffer table, String name, int type, int offset, int size, int link) {
        boolean symbolTable = type == SHT_SYMTAB;
        table.putInt(sectionNames.add(name)).putInt(type).putLong(0).putLong(0);
        table.putLong(offset).putLong(size).putInt(link).putInt(symbolTable ? firstGlobalSymbol : 0);
        table.putLong(symbolTable ? 8 : 1).putLong(symbolTable ? SYMBOL_SIZE_BYTES : 0);
    }

    private static int checkedOffset(long offset) {
        if (offset > 1 << 30) {
            throw new IllegalArgumentException("the file would be longer than 1 GiB");
        }
        return (int) offset;
    }

    private static ByteBuffer littleEndian(int sizeBytes) {
        return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** NUL-terminated strings, each once; the empty one first. */
    private static final class StringTable {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Map<String, Integer> offsets = new HashMap<>();

        StringTable() {
            bytes.write(0);
        }

        int add(String text) {
            return offsets.computeIfAbsent(text, this::append);
        }

        private int append(String text) {
            int offset = bytes.size();
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
            return offset;
        }

        int sizeBytes() {
            return bytes.size();
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
