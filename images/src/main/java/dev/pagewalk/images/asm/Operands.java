package dev.pagewalk.images.asm;

import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.emulator.isa.RegisterNames;

/** Reads the operands of one instruction, from left to right. */
final class Operands {
    private final Pass pass;
    private final Statement statement;
    private final Token mnemonic;
    private int immediateColumn;
    private boolean known = true;

    Operands(Pass pass, Token mnemonic, Statement statement) {
        this.pass = pass;
        this.mnemonic = mnemonic;
        this.statement = statement;
        immediateColumn = mnemonic.column();
    }

    /** Where the operand that is to be read next begins; for error messages. */
    int column() {
        return statement.peek().column();
    }

    int mnemonicColumn() {
        return mnemonic.column();
    }

    /** Where the expression that was read last begins, or the mnemonic where there was none. */
    int immediateColumn() {
        return immediateColumn;
    }

    /** Whether both passes know all operands read so far, so that the instruction's length may depend on them. */
    boolean areKnown() {
        return known;
    }

    boolean atEnd() {
        return statement.atEnd();
    }

    boolean nextIsRegister() {
        Token token = statement.peek();
        return token.kind() == Token.Kind.NAME && RegisterNames.number(token.text()) >= 0;
    }

    int register() {
        Token token = statement.peek();
        if (!nextIsRegister()) {
            throw missingOr("a register");
        }
        statement.take();
        return RegisterNames.number(token.text());
    }

    void comma() {
        sign(",");
    }

    boolean acceptComma() {
        return statement.accept(",");
    }

    /** A register that can only be this one. */
    void register(String name) {
        Token token = statement.peek();
        if (register() != RegisterNames.number(name)) {
            throw new StatementException(token.column(), "the register must be " + name);
        }
    }

    /** A comma or a bracket. */
    void sign(String sign) {
        if (!statement.accept(sign)) {
            throw missingOr("'" + sign + "'");
        }
    }

    /** {@code comma(); register()}. */
    int nextRegister() {
        comma();
        return register();
    }

    Value expression() {
        if (atEnd()) {
            throw missingOr("an expression");
        }
        immediateColumn = column();
        Value value = pass.expression(statement);
        known &= pass.numberInBothPasses(value) != null;
        return value;
    }

    /** A plain number; 0 in the first pass where it is not known yet. */
    long number() {
        Long number = pass.number(expression());
        return number == null ? 0 : number;
    }

    /** A CSR's name or number, 0..4095. */
    int csr() {
        Token token = statement.peek();
        if (token.kind() == Token.Kind.NAME && Csr.number(token.text()) >= 0) {
            statement.take();
            return Csr.number(token.text());
        }
        long number = number();
        if (number < 0 || number > 4095) {
            throw new StatementException(token.column(), "the CSR's number " + number + " is outside 0 to 4095");
        }
        return (int) number;
    }

    /** The I- or S-type immediate: a number, {@code %lo(x)} or {@code %pcrel_lo(label)}. */
    int lowImmediate(boolean store) {
        int column = column();
        String function = relocationFunction();
        if (function == null) {
            return toInt(number(), column);
        }
        long value = inBrackets();
        switch (function) {
            case "lo":
                return Immediates.low(value);
            case "pcrel_lo":
                pass.notePcrelLow(store, value, column);
                return 0;
            default:
                throw wrongFunction(function, column, "%lo or %pcrel_lo");
        }
    }

    /** The U-type immediate as it stands in the register: from a 20-bit number, {@code %hi(x)} or {@code %pcrel_hi(x)}. */
    int highImmediate(boolean relative) {
        int column = column();
        String function = relocationFunction();
        if (function == null) {
            long number = number();
            if (number < 0 || number > 0xFFFFF) {
                throw new StatementException(column, "immediate " + number + " is outside 0 to 1048575");
            }
            return (int) number << 12;
        }
        if (!function.equals(relative ? "pcrel_hi" : "hi")) {
            throw wrongFunction(function, column, relative ? "%pcrel_hi" : "%hi");
        }
        long value = inBrackets();
        if (relative && pass.isSecond()) {
            value -= pass.address();
            pass.notePcrelHigh(value);
        }
        return highPart(value, column);
    }

    /** The high half of {@code value}, which must fit in 32 bits. */
    static int highPart(long value, int column) {
        if (!Immediates.fits(value)) {
            throw new StatementException(column, "0x" + Long.toHexString(value) + " does not fit in 32 bits");
        }
        return Immediates.high(value);
    }

    /** {@code (reg)}: whether a base register in brackets stands next. */
    boolean nextIsBase() {
        Token second = statement.peekSecond();
        return statement.peek().is("(") && second.kind() == Token.Kind.NAME && RegisterNames.number(second.text()) >= 0;
    }

    boolean nextIsRelocation() {
        return statement.peek().is("%");
    }

    /** {@code (reg)}. */
    int base() {
        if (!statement.accept("(")) {
            throw missingOr("'(' and a base register");
        }
        int register = register();
        statement.expect(")");
        return register;
    }

    /** {@code (reg)} or {@code 0(reg)}: the address of an atomic access. */
    int atomicAddress() {
        if (!nextIsBase()) {
            int column = column();
            if (number() != 0) {
                throw new StatementException(
                        column, "an atomic instruction has no offset: only (register) is possible");
            }
        }
        return base();
    }

    /** The letters of a fence's set, as its four bits i, o, r, w. */
    int fenceSet() {
        Token token = statement.peek();
        int set = 0;
        String letters = statement.takeName("a set of the letters i, o, r, w");
        for (char letter : letters.toCharArray()) {
            int bit = "wroi".indexOf(letter);
            if (bit < 0 || (set & 1 << bit) != 0) {
                throw new StatementException(
                        token.column(), Token.quoted(letters) + " is no set of the letters i, o, r, w, such as rw");
            }
            set |= 1 << bit;
        }
        return set;
    }

    static int toInt(long number, int column) {
        if (number != (int) number) {
            throw new StatementException(column, "immediate " + number + " does not fit in 32 bits");
        }
        return (int) number;
    }

    private String relocationFunction() {
        if (!statement.accept("%")) {
            return null;
        }
        known = false;
        return statement.takeName("hi, lo, pcrel_hi or pcrel_lo");
    }

    private long inBrackets() {
        statement.expect("(");
        long value = number();
        statement.expect(")");
        return value;
    }

    private static StatementException wrongFunction(String function, int column, String possible) {
        return new StatementException(column, "%" + function + " is not possible here: " + possible + " is");
    }

    private StatementException missingOr(String wanted) {
        return atEnd()
                ? new StatementException(
                        column(), Token.quoted(mnemonic.text()) + " has too few operands: " + wanted + " is missing")
                : statement.unexpected(wanted);
    }
}
