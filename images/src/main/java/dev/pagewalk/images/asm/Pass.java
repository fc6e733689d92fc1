package dev.pagewalk.images.asm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One way through the source, statement by statement. The first pass counts bytes and finds labels; after
 * {@link Layout} has given the sections their addresses, the second pass does the same again and writes the bytes.
 */
final class Pass {
    /** The most bytes that an image may have in memory. */
    static final long MAX_IMAGE_BYTES = 256L << 20;

    static final int MAX_ERRORS = 100;
    private static final int MAX_SECTIONS = 64;
    private static final int MAX_DEFINITION_DEPTH = 100;

    private final String fileName;
    private final String source;
    private final Symbols symbols = new Symbols();
    private final Options options = new Options();
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final Expressions expressions = new Expressions(this);
    private final Directives directives = new Directives(this);
    private final Instructions instructions = new Instructions(this);
    private final List<AssemblyError> errors = new ArrayList<>();
    /** The statements whose length the first pass had to choose without knowing their operand. */
    private final BitSet guessedStatements = new BitSet();

    private final Map<Long, Long> pcrelHighDistances = new HashMap<>();
    private final List<PcrelLow> pcrelLows = new ArrayList<>();
    private boolean secondPass;
    private boolean hasCompressedCode;
    private Section section;
    private int line;
    private int statementNumber;
    private long imageBytes;
    private int definitionDepth;

    /** A {@code %pcrel_lo} whose {@code %pcrel_hi} may still follow. */
    private record PcrelLow(Section section, long offset, boolean store, long label, int line, int column) {}

    Pass(String fileName, String source) {
        this.fileName = fileName;
        this.source = source;
        section = section(".text");
        section(".rodata");
        section(".data");
        section(".bss");
    }

    /** Runs through the source for the first time: afterwards every section's size and every label's place is known. */
    void runFirst() {
        run();
        errors.addAll(symbols.undefined());
    }

    /** Runs through the source again, when {@link Layout} has placed the sections, and writes their bytes. */
    void runSecond() {
        secondPass = true;
        symbols.startSecondPass();
        options.startSecondPass();
        section = section(".text");
        resolveDeferred();
        if (errors.isEmpty()) {
            run();
            pcrelLows.forEach(this::patch);
        }
    }

    List<AssemblyError> errors() {
        return errors;
    }

    Symbols symbols() {
        return symbols;
    }

    Options options() {
        return options;
    }

    /** Whether an instruction of two bytes has been assembled. */
    boolean hasCompressedCode() {
        return hasCompressedCode;
    }

    List<Section> sections() {
        return List.copyOf(sections.values());
    }

    private void run() {
        statementNumber = 0;
        imageBytes = 0;
        Lexer lexer = new Lexer(source);
        boolean more = true;
        while (more && errors.size() < MAX_ERRORS) {
            line = 0;
            try {
                Statement statement = lexer.next();
                more = statement != null;
                if (more) {
                    line = statement.line();
                    statementNumber++;
                    assemble(statement);
                }
            } catch (StatementException e) {
                errors.add(new AssemblyError(fileName, line == 0 ? lexer.line() : line, e.column(), e.getMessage()));
                more = !e.isFatal();
            }
        }
    }

    private void assemble(Statement statement) {
        while (statement.peekSecond().is(":")) {
            defineLabel(statement.take());
            statement.take();
        }
        if (statement.atEnd()) {
            return;
        }
        Token first = statement.peek();
        if (first.kind() != Token.Kind.NAME) {
            throw statement.unexpected("an instruction, a directive or a label");
        }
        statement.take();
        if (statement.accept("=")) {
            assign(first, statement);
        } else if (first.text().startsWith(".")) {
            directives.assemble(first, statement);
        } else {
            instructions.assemble(first, statement);
        }
        statement.expectEnd();
    }

    private void defineLabel(Token token) {
        if (token.kind() == Token.Kind.NUMBER && token.text().chars().allMatch(c -> c >= '0' && c <= '9')) {
            symbols.defineNumericLabel(Long.parseUnsignedLong(token.text()), here());
            return;
        }
        if (token.kind() != Token.Kind.NAME || token.text().equals(".")) {
            throw new StatementException(
                    token.column(), token.described() + " cannot be a label: a name or a number can");
        }
        defineLabel(token, here());
    }

    /** Defines {@code token} as a label at {@code place}; a second definition is an error. */
    void defineLabel(Token token, Value place) {
        Symbol symbol = symbols.get(token.text());
        if (secondPass) {
            return;
        }
        if (symbol.isDefined()) {
            throw new StatementException(
                    token.column(),
                    Token.quoted(symbol.name) + " is defined already, on line " + symbol.definitionLine);
        }
        symbol.value = place;
        symbol.label = true;
        symbol.definitionLine = line;
    }

    /** Gives the symbol {@code name} the value of the expression that stands next ({@code .set}). */
    void assign(Token name, Statement statement) {
        Symbol symbol = symbols.get(name.text());
        if (symbol.label) {
            throw new StatementException(
                    name.column(), Token.quoted(symbol.name) + " is a label already, on line " + symbol.definitionLine);
        }
        if (name.text().equals(".")) {
            throw new StatementException(name.column(), "'.' cannot be assigned: use .space or .balign to move on");
        }
        Statement expression = statement.takeRest();
        Value dot = here();
        Value value = expressions.parse(expression, dot);
        expression.expectEnd();
        symbol.value = value;
        symbol.deferred = value.known() ? null : new Symbol.Deferred(expression.restarted(), dot);
        symbol.definitionLine = line;
    }

    /** Between the passes: computes what the first one could not, each definition once. */
    private void resolveDeferred() {
        for (Symbol symbol : symbols.all()) {
            if (errors.size() >= MAX_ERRORS) {
                return;
            }
            line = symbol.definitionLine;
            try {
                definitionDepth = 0;
                resolve(symbol);
            } catch (StatementException e) {
                errors.add(new AssemblyError(fileName, line, e.column(), e.getMessage()));
            }
        }
    }

    private void resolve(Symbol symbol) {
        Symbol.Deferred deferred = symbol.deferred;
        if (deferred == null) {
            return;
        }
        if (++definitionDepth > MAX_DEFINITION_DEPTH) {
            throw new StatementException(
                    1,
                    "the definition of " + Token.quoted(symbol.name)
                            + " leads back to itself, or through too many others");
        }
        symbol.value = expressions.parse(deferred.expression().restarted(), deferred.dot());
        symbol.deferred = null;
        definitionDepth--;
    }

    /** What a name in an expression stands for; unknown where it is defined further down and this is the first pass. */
    Value symbolValue(Token name) {
        Symbol symbol = symbols.find(name.text());
        if (symbol == null || !symbol.isDefined()) {
            noteUndefined(name);
            return Value.UNKNOWN;
        }
        if (secondPass) {
            resolve(symbol);
        }
        return symbol.value;
    }

    private void noteUndefined(Token name) {
        if (!secondPass) {
            symbols.noteReference(
                    name.text(),
                    new AssemblyError(fileName, line, name.column(), Token.quoted(name.text()) + " is not defined"));
        }
    }

    /** What {@code 1b} or {@code 1f} stands for. */
    Value numericLabelValue(Token reference) {
        boolean forward = reference.text().endsWith("f");
        Value place = symbols.numericLabel(reference.value(), forward);
        if (place != null) {
            return place;
        }
        if (forward && !secondPass) {
            return Value.UNKNOWN;
        }
        throw new StatementException(
                reference.column(),
                "there is no label " + Long.toUnsignedString(reference.value()) + ": " + (forward ? "after" : "before")
                        + " this line");
    }

    /** Reads the expression that stands next. */
    Value expression(Statement statement) {
        return expressions.parse(statement, here());
    }

    /** Reads an expression that both passes need: it may not depend on what is defined further down. */
    long knownNumber(Statement statement, String what) {
        int column = statement.peek().column();
        Value value = expression(statement);
        if (!value.isNumber()) {
            throw new StatementException(
                    column, what + " must be known here: it may not depend on an address or on a later definition");
        }
        return value.number();
    }

    /**
     * The number that {@code value} is in both passes, or null where the first pass could not know it: then the
     * statement's length must not depend on it.
     */
    Long numberInBothPasses(Value value) {
        if (!secondPass && !value.isNumber()) {
            guessedStatements.set(statementNumber);
        }
        return guessedStatements.get(statementNumber) ? null : Long.valueOf(value.number());
    }

    /** {@code value} as a plain number or address; null in the first pass where it is not known yet. */
    Long number(Value value) {
        Value resolved = value.resolved();
        return resolved.known() ? Long.valueOf(resolved.number()) : null;
    }

    boolean isSecond() {
        return secondPass;
    }

    Section section() {
        return section;
    }

    void select(Section selected) {
        section = selected;
    }

    /** The place where the next byte goes. */
    Value here() {
        return Value.place(section, section.offset);
    }

    /** The address where the next byte goes; only in the second pass. */
    long address() {
        return section.address() + section.offset;
    }

    /** The section called {@code name}, made with the properties that its name implies where it is new. */
    Section section(String name) {
        return switch (name) {
            case ".text" -> section(name, true, false, true, false);
            case ".rodata" -> section(name, true, false, false, false);
            case ".data" -> section(name, true, true, false, false);
            case ".bss" -> section(name, true, true, false, true);
            default -> section(name, false, false, false, false);
        };
    }

    /** The section called {@code name}, made with these properties where it is new. */
    Section section(String name, boolean allocated, boolean writable, boolean executable, boolean noBits) {
        Section known = sections.get(name);
        if (known != null) {
            return known;
        }
        if (sections.size() >= MAX_SECTIONS) {
            throw new StatementException(1, "more than " + MAX_SECTIONS + " sections");
        }
        Section made = new Section(name, allocated, writable, executable, noBits);
        sections.put(name, made);
        return made;
    }

    /** Appends the low {@code sizeBytes} (1..8) bytes of {@code value}, least significant first. */
    void emit(long value, int sizeBytes, int column) {
        if (section.noBits && value != 0) {
            throw new StatementException(column, section.name + " holds zeros only: move this to .data, or use .zero");
        }
        long at = section.offset;
        advance(sizeBytes, column);
        if (secondPass) {
            section.put(at, value, sizeBytes);
        }
    }

    /** Appends a compressed instruction. */
    void emitCompressed(int bits, int column) {
        hasCompressedCode = true;
        emit(bits, 2, column);
    }

    /** Appends {@code count} zero bytes. */
    void advance(long count, int column) {
        if (count < 0 || count > MAX_IMAGE_BYTES - imageBytes) {
            throw StatementException.fatal(
                    column, "the image would be larger than " + (MAX_IMAGE_BYTES >> 20) + " MiB");
        }
        imageBytes += count;
        section.offset += count;
    }

    /** Remembers where a {@code %pcrel_hi} stands and how far its symbol is from there. */
    void notePcrelHigh(long distance) {
        if (secondPass) {
            pcrelHighDistances.put(address(), distance);
        }
    }

    /** Demands that the next word's immediate becomes the low part of the {@code %pcrel_hi} at {@code label}. */
    void notePcrelLow(boolean store, long label, int column) {
        if (secondPass) {
            pcrelLows.add(new PcrelLow(section, section.offset, store, label, line, column));
        }
    }

    private void patch(PcrelLow low) {
        Long distance = pcrelHighDistances.get(low.label);
        if (distance == null) {
            errors.add(new AssemblyError(
                    fileName,
                    low.line,
                    low.column,
                    "%pcrel_lo must name the label of an instruction with %pcrel_hi, and there is none at 0x"
                            + Long.toHexString(low.label)));
        } else if (low.section.content().length > 0) {
            int word = low.section.word(low.offset);
            low.section.put(low.offset, word | Immediates.placeLow(distance, low.store), 4);
        }
    }
}
