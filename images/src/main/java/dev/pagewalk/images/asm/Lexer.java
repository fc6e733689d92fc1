package dev.pagewalk.images.asm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a source into statements of tokens: one call, one statement. Comments are passed over here. */
final class Lexer {
    private static final String[] LONG_SIGNS = {"<<", ">>", "<=", ">=", "==", "!=", "<>", "&&", "||"};

    private final String source;
    private int position;
    private int line = 1;
    private int lineStart;
    private List<Token> tokens = new ArrayList<>();

    Lexer(String source) {
        this.source = source;
    }

    /** The line of the statement that {@link #next()} gave last, or is about to give; from 1. */
    int line() {
        return line;
    }

    /**
     * The next statement that is not empty, or null at the end of the source.
     *
     * @throws StatementException where characters make no token; the rest of that statement is passed over
     */
    Statement next() {
        tokens = new ArrayList<>();
        try {
            while (position < source.length()) {
                int statementLine = line;
                char c = source.charAt(position);
                if (c == '\n' || c == ';') {
                    int endColumn = column();
                    position++;
                    if (!tokens.isEmpty()) {
                        newLineAfter(c);
                        return statement(statementLine, endColumn);
                    }
                    newLineAfter(c);
                } else {
                    token(c);
                }
            }
        } catch (StatementException e) {
            skipStatement();
            throw e;
        }
        return tokens.isEmpty() ? null : statement(line, column());
    }

    private Statement statement(int statementLine, int endColumn) {
        tokens.add(new Token(Token.Kind.END, "", 0, endColumn));
        return new Statement(statementLine, tokens);
    }

    private void newLineAfter(char c) {
        if (c == '\n') {
            line++;
            lineStart = position;
        }
    }

    /** The statement at fault stays the current line until the next call, so that the error names it. */
    private void skipStatement() {
        while (position < source.length() && source.charAt(position) != '\n') {
            position++;
        }
    }

    private int column() {
        return position - lineStart + 1;
    }

    private void token(char c) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
            position++;
        } else if (c == '#' || source.startsWith("//", position)) {
            skipStatement();
        } else if (source.startsWith("/*", position)) {
            blockComment();
        } else if (isNameStart(c)) {
            int start = position;
            while (position < source.length() && isNamePart(source.charAt(position))) {
                position++;
            }
            add(Token.Kind.NAME, start, 0);
        } else if (isDigit(c)) {
            number();
        } else if (c == '"') {
            string();
        } else if (c == '\'') {
            character();
        } else {
            sign(c);
        }
    }

    private void blockComment() {
        int end = source.indexOf("*/", position + 2);
        if (end < 0) {
            int column = column();
            position = source.length();
            throw new StatementException(column, "this comment is not closed: '*/' is missing");
        }
        for (int i = position; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        position = end + 2;
    }

    private void number() {
        int start = position;
        int column = column();
        while (position < source.length() && isNamePart(source.charAt(position))) {
            position++;
        }
        String text = source.substring(start, position);
        char last = text.charAt(text.length() - 1);
        boolean reference = (last == 'b' || last == 'f')
                && text.chars().limit(text.length() - 1L).allMatch(Lexer::isDigit);
        String digits = reference ? text.substring(0, text.length() - 1) : text;
        add(reference ? Token.Kind.LOCAL_REFERENCE : Token.Kind.NUMBER, start, value(digits, reference, column));
    }

    private static long value(String text, boolean decimalOnly, int column) {
        boolean prefixed = !decimalOnly && text.length() > 1 && text.charAt(0) == '0';
        char mark = prefixed ? text.charAt(1) : 0;
        try {
            if (mark == 'x' || mark == 'X') {
                return Long.parseUnsignedLong(digits(text.substring(2)), 16);
            }
            if (mark == 'b' || mark == 'B') {
                return Long.parseUnsignedLong(digits(text.substring(2)), 2);
            }
            return Long.parseUnsignedLong(text, prefixed ? 8 : 10);
        } catch (NumberFormatException e) {
            throw new StatementException(column, Token.quoted(text) + " is no integer of at most 64 bits");
        }
    }

    /** Keeps a sign from being read as a part of the number: {@code 0x+1}. */
    private static String digits(String text) {
        return text.startsWith("+") || text.startsWith("-") ? "" : text;
    }

    private void string() {
        int column = column();
        StringBuilder bytes = new StringBuilder();
        position++;
        while (true) {
            char c = inLiteral(column, "this string is not closed: '\"' is missing");
            if (c == '"') {
                position++;
                tokens.add(new Token(Token.Kind.STRING, bytes.toString(), 0, column));
                return;
            }
            literalCharacter(bytes);
        }
    }

    private void character() {
        int column = column();
        StringBuilder bytes = new StringBuilder();
        position++;
        inLiteral(column, "a character is missing after '");
        literalCharacter(bytes);
        if (bytes.length() != 1) {
            throw new StatementException(column, "a character literal must be a single byte");
        }
        if (position < source.length() && source.charAt(position) == '\'') {
            position++;
        }
        tokens.add(new Token(Token.Kind.NUMBER, "'", bytes.charAt(0), column));
    }

    private char inLiteral(int column, String reason) {
        if (position >= source.length() || source.charAt(position) == '\n') {
            throw new StatementException(column, reason);
        }
        return source.charAt(position);
    }

    /** Appends the bytes of the character or escape sequence here. */
    private void literalCharacter(StringBuilder bytes) {
        int codePoint = source.codePointAt(position);
        if (codePoint != '\\') {
            position += Character.charCount(codePoint);
            for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
                bytes.append((char) (b & 0xFF));
            }
            return;
        }
        int column = column();
        position++;
        char c = inLiteral(column, "nothing follows the backslash");
        position++;
        int value = "bfnrt\"\\'".indexOf(c);
        if (value >= 0) {
            bytes.append("\b\f\n\r\t\"\\'".charAt(value));
        } else if (c >= '0' && c <= '7') {
            position--;
            bytes.append((char) (numericEscape(8, 3, column) & 0xFF));
        } else if (c == 'x' || c == 'X') {
            bytes.append((char) (numericEscape(16, Integer.MAX_VALUE, column) & 0xFF));
        } else {
            throw new StatementException(
                    column,
                    "the escape sequence \\" + described(c)
                            + " is unknown: \\b \\f \\n \\r \\t \\\" \\\\ \\ooo \\xhh exist");
        }
    }

    private int numericEscape(int radix, int maxDigits, int column) {
        int value = 0;
        int digits = 0;
        while (digits < maxDigits
                && position < source.length()
                && source.charAt(position) < 128
                && Character.digit(source.charAt(position), radix) >= 0) {
            value = value * radix + Character.digit(source.charAt(position), radix);
            position++;
            digits++;
        }
        if (digits == 0) {
            throw new StatementException(column, "digits are missing after '\\x'");
        }
        return value;
    }

    private void sign(char c) {
        for (String sign : LONG_SIGNS) {
            if (source.startsWith(sign, position)) {
                position += sign.length();
                add(Token.Kind.SIGN, position - sign.length(), 0);
                return;
            }
        }
        if ("+-*/%&|^~!<>=(),:@".indexOf(c) < 0) {
            throw new StatementException(column(), "the character " + described(c) + " has no meaning here");
        }
        position++;
        add(Token.Kind.SIGN, position - 1, 0);
    }

    private void add(Token.Kind kind, int start, long value) {
        tokens.add(new Token(kind, source.substring(start, position), value, start - lineStart + 1));
    }

    /** A character as an error message shows it. */
    private static String described(char c) {
        return c < ' ' || c > '~' ? "U+" + String.format(Locale.ROOT, "%04X", (int) c) : "'" + c + "'";
    }

    private static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.' || c == '$';
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
