package dev.pagewalk.images.asm;

/** What is wrong with the current statement; {@link Pass} turns it into an {@link AssemblyError}. */
final class StatementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int column;
    private final boolean fatal;

    StatementException(int column, String reason) {
        this(column, reason, false);
    }

    private StatementException(int column, String reason, boolean fatal) {
        super(reason, null, false, false);
        this.column = column;
        this.fatal = fatal;
    }

    /** An error after which going on makes no sense: a limit was passed. */
    static StatementException fatal(int column, String reason) {
        return new StatementException(column, reason, true);
    }

    int column() {
        return column;
    }

    boolean isFatal() {
        return fatal;
    }
}
