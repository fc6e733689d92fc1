package dev.pagewalk.images.elf;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A static RISC-V executable that this machine can load: what the kernel's exec, the disassembler and the debugger read.
 *
 * @param entryPoint the first instruction's address: a multiple of 2 inside an executable segment
 * @param flags e_flags
 * @param segments at least one, by ascending (unsigned) address; their byte ranges are disjoint, but two may share a page
 * @param programHeaderAddress where the program header table stands in memory (AT_PHDR), 0 where no segment holds it
 * @param programHeaderEntrySizeBytes AT_PHENT
 * @param programHeaderCount AT_PHNUM
 * @param sections the sections that occupy memory, in the file's order; empty where the file has none or corrupt ones
 * @param symbols the symbol table, in the file's order; empty where the file has none or a corrupt one
 * @param file the whole file; a view that must not be written
 */
public record ElfImage(
        long entryPoint,
        int flags,
        List<ElfSegment> segments,
        long programHeaderAddress,
        int programHeaderEntrySizeBytes,
        int programHeaderCount,
        List<ElfSection> sections,
        List<ElfSymbol> symbols,
        ByteBuffer file) {

    public ElfImage {
        segments = List.copyOf(segments);
        sections = List.copyOf(sections);
        symbols = List.copyOf(symbols);
    }

    /** The whole file: a read-only view of its own, position 0, limit the file's length. */
    @Override
    public ByteBuffer file() {
        return file.asReadOnlyBuffer();
    }

    /** The whole file's bytes, a fresh copy. */
    public byte[] toByteArray() {
        ByteBuffer view = file();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }
}
