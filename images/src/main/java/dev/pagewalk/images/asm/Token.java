package dev.pagewalk.images.asm;

/**
 * A word of a statement.
 *
 * @param text the characters as written; of a {@link Kind#STRING} the bytes that it denotes, one per char
 * @param value of a {@link Kind#NUMBER} its value, of a {@link Kind#LOCAL_REFERENCE} the label's number
 * @param column from 1
 */
record Token(Kind kind, String text, long value, int column) {
    private static final int MAX_SHOWN = 40;

    enum Kind {
        /** A mnemonic, directive, symbol, register, or {@code .} alone. */
        NAME,
        /** An integer or a character literal. */
        NUMBER,
        /** {@code 1b} or {@code 1f}. */
        LOCAL_REFERENCE,
        STRING,
        /** An operator, bracket, comma or colon. */
        SIGN,
        /** Stands after the last word of every statement. */
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    /** How an error message names this token. */
    String described() {
        return kind == Kind.END ? "the end of the statement" : kind == Kind.STRING ? "a string" : quoted(text);
    }

    /** A name as an error message shows it: in quotes, and not longer than a line. */
    static String quoted(String name) {
        return "'" + (name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "...") + "'";
    }
}
