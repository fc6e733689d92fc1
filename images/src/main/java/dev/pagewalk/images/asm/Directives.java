package dev.pagewalk.images.asm;

import dev.pagewalk.images.elf.ElfSymbol;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The directives of the GNU assembler that make sense without object files and macros, and one of our own:
 * {@code .address}.
 *
 * <p>Source: the GNU assembler's manual, "Assembler Directives" and "RISC-V Dependent Features".
 */
final class Directives {
    /** 16 MiB: enough for huge pages. */
    private static final int MAX_ALIGNMENT_LOG2 = 24;

    private static final int NOP = 0x00000013;
    private static final int COMPRESSED_NOP = 0x0001;
    private static final List<String> STANDARD_SECTIONS = List.of(".text", ".rodata", ".data", ".bss");

    /** They speak to compilers, linkers and debuggers that are not here. */
    private static final Set<String> IGNORED =
            Set.of(".file", ".ident", ".loc", ".attribute", ".addrsig", ".addrsig_sym", ".hidden", ".protected");

    private static final TreeMap<String, Directive> DIRECTIVES = directives();

    private final Pass pass;

    Directives(Pass pass) {
        this.pass = pass;
    }

    /** Does what a directive says; the operands stand next in the statement. */
    private interface Directive {
        void assemble(Pass pass, Token name, Statement statement);
    }

    /** Assembles the directive {@code name}, whose operands stand next. */
    void assemble(Token name, Statement statement) {
        Directive directive = DIRECTIVES.get(name.text());
        if (directive != null) {
            directive.assemble(pass, name, statement);
        } else if (IGNORED.contains(name.text()) || name.text().startsWith(".cfi_")) {
            statement.takeRest();
        } else {
            throw new StatementException(
                    name.column(),
                    Token.quoted(name.text()) + " is no directive of this assembler"
                            + NearNames.hint(name.text(), DIRECTIVES.keySet()));
        }
    }

    private static TreeMap<String, Directive> directives() {
        TreeMap<String, Directive> t = new TreeMap<>();
        for (String section : STANDARD_SECTIONS) {
            t.put(section, (pass, name, statement) -> pass.select(pass.section(section)));
        }
        t.put(".section", Directives::section);
        t.put(".option", Directives::option);
        t.put(".address", Directives::address);
        integers(t, 1, ".byte", ".1byte");
        integers(t, 2, ".half", ".2byte", ".short", ".hword");
        integers(t, 4, ".word", ".4byte", ".long", ".int");
        integers(t, 8, ".dword", ".8byte", ".quad");
        t.put(".ascii", (pass, name, statement) -> strings(pass, name, statement, false));
        t.put(".asciz", (pass, name, statement) -> strings(pass, name, statement, true));
        t.put(".string", (pass, name, statement) -> strings(pass, name, statement, true));
        t.put(".align", (pass, name, statement) -> align(pass, name, statement, true));
        t.put(".p2align", (pass, name, statement) -> align(pass, name, statement, true));
        t.put(".balign", (pass, name, statement) -> align(pass, name, statement, false));
        t.put(".zero", Directives::space);
        t.put(".space", Directives::space);
        t.put(".skip", Directives::space);
        t.put(".fill", Directives::fill);
        t.put(".equ", Directives::set);
        t.put(".set", Directives::set);
        t.put(".globl", (pass, name, statement) -> binding(pass, statement, true));
        t.put(".global", (pass, name, statement) -> binding(pass, statement, true));
        t.put(".weak", (pass, name, statement) -> binding(pass, statement, true));
        t.put(".local", (pass, name, statement) -> binding(pass, statement, false));
        t.put(".type", Directives::type);
        t.put(".size", Directives::size);
        t.put(".comm", Directives::common);
        t.put(".lcomm", Directives::common);
        return t;
    }

    private static void option(Pass pass, Token directive, Statement statement) {
        Token option = statement.peek();
        statement.takeName("an option, such as rvc");
        pass.options().set(option);
        statement.takeRest();
    }

    private static void integers(TreeMap<String, Directive> t, int sizeBytes, String... names) {
        for (String name : names) {
            t.put(name, (pass, token, statement) -> {
                if (statement.atEnd()) {
                    return;
                }
                do {
                    integer(pass, statement, sizeBytes);
                } while (statement.accept(","));
            });
        }
    }

    private static void integer(Pass pass, Statement statement, int sizeBytes) {
        int column = statement.peek().column();
        Long number = pass.number(pass.expression(statement));
        long value = number == null ? 0 : number;
        int bits = 8 * sizeBytes;
        if (bits < 64 && (value < -(1L << bits - 1) || value >= 1L << bits)) {
            throw new StatementException(
                    column, value + " does not fit in " + sizeBytes + (sizeBytes == 1 ? " byte" : " bytes"));
        }
        pass.emit(value, sizeBytes, column);
    }

    private static void strings(Pass pass, Token name, Statement statement, boolean terminated) {
        if (statement.atEnd()) {
            return;
        }
        do {
            Token string = statement.peek();
            if (string.kind() != Token.Kind.STRING) {
                throw statement.unexpected("a string in double quotes");
            }
            statement.take();
            for (int i = 0; i < string.text().length(); i++) {
                pass.emit(string.text().charAt(i), 1, string.column());
            }
            if (terminated) {
                pass.emit(0, 1, string.column());
            }
        } while (statement.accept(",") || statement.peek().kind() == Token.Kind.STRING);
    }

    private static void align(Pass pass, Token name, Statement statement, boolean powerOfTwo) {
        int column = statement.peek().column();
        long number = pass.knownNumber(statement, "the alignment");
        long alignment =
                powerOfTwo ? number >= 0 && number <= MAX_ALIGNMENT_LOG2 ? 1L << number : -1 : Math.max(number, 1);
        if (alignment < 1 || alignment > 1L << MAX_ALIGNMENT_LOG2 || Long.bitCount(alignment) != 1) {
            throw new StatementException(
                    column,
                    powerOfTwo
                            ? "the alignment is given as a power of two, 0 to " + MAX_ALIGNMENT_LOG2 + ", not " + number
                            : "the alignment must be 1, 2, 4, ... " + (1 << MAX_ALIGNMENT_LOG2) + ", not " + number);
        }
        Section section = pass.section();
        long padding = -section.offset & alignment - 1;
        boolean codeFill = section.executable;
        long fill = 0;
        if (statement.accept(",")) {
            if (!statement.peek().is(",") && !statement.atEnd()) {
                fill = pass.knownNumber(statement, "the fill value");
                codeFill = false;
            }
            if (statement.accept(",") && padding > pass.knownNumber(statement, "the most bytes to skip")) {
                return;
            }
        }
        section.alignmentBytes = Math.max(section.alignmentBytes, alignment);
        pad(pass, padding, codeFill, fill, name.column());
    }

    private static void pad(Pass pass, long padding, boolean codeFill, long fill, int column) {
        if (padding > Pass.MAX_IMAGE_BYTES || !codeFill && (fill & 0xFF) == 0) {
            pass.advance(padding, column);
            return;
        }
        if (!codeFill) {
            repeat(pass, padding, 1, fill & 0xFF, column);
            return;
        }
        if (padding % 2 != 0) {
            pass.emit(0, 1, column);
        }
        if (padding % 4 >= 2) {
            pass.emit(COMPRESSED_NOP, 2, column);
        }
        for (long i = 0; i < padding / 4; i++) {
            pass.emit(NOP, 4, column);
        }
    }

    private static void space(Pass pass, Token name, Statement statement) {
        int column = statement.peek().column();
        long count = pass.knownNumber(statement, "the size");
        long fill = statement.accept(",") ? pass.knownNumber(statement, "the fill value") : 0;
        repeat(pass, count, 1, fill & 0xFF, column);
    }

    private static void fill(Pass pass, Token name, Statement statement) {
        int column = statement.peek().column();
        long count = pass.knownNumber(statement, "the count");
        long size = 1;
        long value = 0;
        if (statement.accept(",")) {
            int sizeColumn = statement.peek().column();
            size = pass.knownNumber(statement, "the size");
            if (size < 0 || size > 8) {
                throw new StatementException(sizeColumn, "the size " + size + " is outside 0 to 8");
            }
            if (statement.accept(",")) {
                // As the GNU assembler has it, the value is a 4-byte one.
                value = pass.knownNumber(statement, "the fill value") & 0xFFFFFFFFL;
            }
        }
        repeat(pass, count, (int) size, value, column);
    }

    private static void repeat(Pass pass, long count, int sizeBytes, long value, int column) {
        if (count < 0) {
            throw new StatementException(column, "the size " + count + " is negative");
        }
        if (sizeBytes == 0) {
            return;
        }
        if (value == 0) {
            pass.advance(count > Pass.MAX_IMAGE_BYTES ? count : count * sizeBytes, column);
            return;
        }
        if (count > Pass.MAX_IMAGE_BYTES) {
            pass.advance(count, column);
        }
        long emitted = pass.isSecond() ? count : Math.min(count, 1);
        for (long i = 0; i < emitted; i++) {
            pass.emit(value, sizeBytes, column);
        }
        pass.advance((count - emitted) * sizeBytes, column);
    }

    private static void set(Pass pass, Token directive, Statement statement) {
        Token name = statement.peek();
        statement.takeName("a name");
        statement.expect(",");
        pass.assign(name, statement);
    }

    private static void binding(Pass pass, Statement statement, boolean global) {
        do {
            pass.symbols().get(statement.takeName("a name")).global = global;
        } while (statement.accept(","));
    }

    private static void type(Pass pass, Token directive, Statement statement) {
        Symbol symbol = pass.symbols().get(statement.takeName("a name"));
        statement.accept(",");
        if (!statement.accept("@")) {
            statement.accept("%");
        }
        String type = statement.peek().kind() == Token.Kind.STRING
                ? statement.take().text()
                : statement.takeName("@function or @object");
        symbol.kind = switch (type) {
            case "function", "STT_FUNC" -> ElfSymbol.Kind.FUNCTION;
            case "object", "STT_OBJECT" -> ElfSymbol.Kind.OBJECT;
            default -> ElfSymbol.Kind.UNSPECIFIED;
        };
    }

    private static void size(Pass pass, Token directive, Statement statement) {
        Symbol symbol = pass.symbols().get(statement.takeName("a name"));
        statement.expect(",");
        Long size = pass.number(pass.expression(statement));
        symbol.sizeBytes = size == null ? 0 : size;
    }

    private static void common(Pass pass, Token directive, Statement statement) {
        Token name = statement.peek();
        statement.takeName("a name");
        statement.expect(",");
        int column = statement.peek().column();
        long size = pass.knownNumber(statement, "the size");
        Section current = pass.section();
        pass.select(pass.section(".bss"));
        try {
            if (statement.accept(",")) {
                align(pass, directive, statement, false);
            } else {
                long natural = Math.min(8, Long.highestOneBit(Math.max(size, 1)));
                pad(pass, -pass.section().offset & natural - 1, false, 0, column);
            }
            Symbol symbol = pass.symbols().get(name.text());
            symbol.kind = ElfSymbol.Kind.OBJECT;
            symbol.sizeBytes = size;
            symbol.global |= directive.text().equals(".comm");
            pass.defineLabel(name, pass.here());
            repeat(pass, size, 1, 0, column);
        } finally {
            pass.select(current);
        }
    }

    /** {@code .section NAME[, "FLAGS"[, @TYPE[, ...]]]}. A name such as {@code .text.main} is a part of {@code .text}. */
    private static void section(Pass pass, Token directive, Statement statement) {
        int column = statement.peek().column();
        String name = sectionName(statement);
        String flags = "";
        String type = "";
        if (statement.accept(",")) {
            if (statement.peek().kind() != Token.Kind.STRING) {
                throw statement.unexpected("the section's flags in double quotes");
            }
            flags = statement.take().text();
            if (statement.accept(",")) {
                if (!statement.accept("@")) {
                    statement.accept("%");
                }
                type = statement.takeName("@progbits or @nobits");
                statement.takeRest();
            }
        }
        String known = standardSection(name);
        if (known != null) {
            pass.select(pass.section(known));
            return;
        }
        try {
            pass.select(pass.section(
                    name, flags.contains("a"), flags.contains("w"), flags.contains("x"), type.equals("nobits")));
        } catch (StatementException e) {
            throw new StatementException(column, e.getMessage());
        }
    }

    private static String sectionName(Statement statement) {
        if (statement.peek().kind() == Token.Kind.STRING) {
            return statement.take().text();
        }
        StringBuilder name = new StringBuilder(statement.takeName("the section's name"));
        while (statement.accept("-")) {
            name.append('-').append(statement.takeName("the rest of the section's name"));
        }
        return name.toString();
    }

    /** The standard section that {@code name} is, or is a part of; else null. */
    private static String standardSection(String name) {
        String plain = name.startsWith(".s") ? "." + name.substring(2) : name;
        for (String standard : STANDARD_SECTIONS) {
            if (plain.equals(standard) || plain.startsWith(standard + ".")) {
                return standard;
            }
        }
        return null;
    }

    /** {@code .address N}: our own; places the current section at N instead of behind the one before it. */
    private static void address(Pass pass, Token directive, Statement statement) {
        int column = statement.peek().column();
        long address = pass.knownNumber(statement, "the address");
        Section section = pass.section();
        if (address < 0) {
            throw new StatementException(column, "the address " + address + " is outside 0 to 2^63 - 1");
        }
        if (section.offset != 0 || section.wantedAddress >= 0 && section.wantedAddress != address) {
            throw new StatementException(
                    directive.column(), ".address must be the first thing in " + section.name + ", and only once");
        }
        section.wantedAddress = address;
    }
}
