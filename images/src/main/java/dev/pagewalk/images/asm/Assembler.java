package dev.pagewalk.images.asm;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ElfSymbol;
import dev.pagewalk.images.elf.ElfWriter;
import dev.pagewalk.images.elf.ImageFormatException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Turns an assembly source into an executable image: {@code boot hello.s}, {@code asm} and the catalog call it. */
public final class Assembler {
    /** The most characters that a source may have. */
    public static final int MAX_SOURCE_CHARS = 64 << 20;

    private static final String ENTRY_SYMBOL = "_start";

    private Assembler() {}

    /**
     * Assembles and links one source. Equal arguments give equal images.
     *
     * @param fileName names the source in error messages
     * @param source GNU syntax; {@code _start} is the entry point
     * @throws AssemblyException with the errors that were found, in the source's order, a hundred at most
     */
    public static ElfImage assemble(String fileName, String source) throws AssemblyException {
        if (source.length() > MAX_SOURCE_CHARS) {
            throw failure(
                    fileName,
                    1,
                    "the source has " + source.length() + " characters: at most " + MAX_SOURCE_CHARS + " are possible");
        }
        Pass pass = new Pass(fileName, source);
        pass.runFirst();
        throwIfAny(pass);
        List<Section> sections = Layout.place(pass.sections());
        pass.runSecond();
        throwIfAny(pass);
        byte[] file = ElfWriter.write(
                entryPoint(fileName, pass), pass.hasCompressedCode(), outputSections(sections), outputSymbols(pass));
        try {
            return ElfReader.read(file);
        } catch (ImageFormatException e) {
            throw failure(fileName, 1, e.getMessage());
        }
    }

    private static void throwIfAny(Pass pass) throws AssemblyException {
        if (!pass.errors().isEmpty()) {
            List<AssemblyError> sorted = new ArrayList<>(pass.errors());
            sorted.sort(Comparator.comparingInt(AssemblyError::line).thenComparingInt(AssemblyError::column));
            throw new AssemblyException(sorted.subList(0, Math.min(sorted.size(), Pass.MAX_ERRORS)));
        }
    }

    private static long entryPoint(String fileName, Pass pass) throws AssemblyException {
        Symbol entry = pass.symbols().find(ENTRY_SYMBOL);
        if (entry == null || !entry.isDefined()) {
            throw failure(fileName, 1, "'_start' is not defined: it is the label at which the program begins");
        }
        Section section = entry.value.section();
        if (section == null || !section.executable) {
            throw failure(
                    fileName, entry.definitionLine, "'_start' must be a label in a section of code, such as .text");
        }
        return entry.value.resolved().number();
    }

    private static AssemblyException failure(String fileName, int line, String reason) {
        return new AssemblyException(List.of(new AssemblyError(fileName, line, 1, reason)));
    }

    private static List<ElfWriter.Section> outputSections(List<Section> sections) {
        return sections.stream()
                .filter(section -> section.sizeBytes() > 0)
                .map(section -> new ElfWriter.Section(
                        section.name,
                        section.address(),
                        section.content(),
                        section.sizeBytes(),
                        section.writable,
                        section.executable))
                .toList();
    }

    /** Names that begin with {@code .L} stay inside the source, as the GNU assembler has it. */
    private static List<ElfSymbol> outputSymbols(Pass pass) {
        List<ElfSymbol> symbols = new ArrayList<>();
        for (Symbol symbol : pass.symbols().all()) {
            if (!symbol.isDefined() || symbol.name.startsWith(".L")) {
                continue;
            }
            Section section = symbol.value.section();
            if (section == null || section.allocated) {
                symbols.add(new ElfSymbol(
                        symbol.name,
                        symbol.value.resolved().number(),
                        symbol.sizeBytes,
                        symbol.kind,
                        symbol.global,
                        section == null || section.sizeBytes() == 0 ? "" : section.name));
            }
        }
        return symbols;
    }
}
