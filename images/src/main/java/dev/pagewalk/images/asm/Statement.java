package dev.pagewalk.images.asm;

import java.util.List;

/** The tokens of one statement and a place among them. */
final class Statement {
    private final int line;
    private final List<Token> tokens;
    private int next;

    /** @param tokens the last one is of the kind {@link Token.Kind#END} */
    Statement(int line, List<Token> tokens) {
        this.line = line;
        this.tokens = tokens;
    }

    /** The line on which the statement ends, from 1. */
    int line() {
        return line;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    /** Gives the next token and steps over it; the end is never stepped over. */
    Token take() {
        Token token = tokens.get(next);
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    /** Steps over the next token if it is {@code sign}. */
    boolean accept(String sign) {
        if (peek().is(sign)) {
            take();
            return true;
        }
        return false;
    }

    void expect(String sign) {
        if (!accept(sign)) {
            throw unexpected("'" + sign + "'");
        }
    }

    boolean atEnd() {
        return peek().kind() == Token.Kind.END;
    }

    void expectEnd() {
        if (!atEnd()) {
            throw new StatementException(
                    peek().column(), "too much: " + peek().described() + " where the statement should end");
        }
    }

    String takeName(String what) {
        if (peek().kind() != Token.Kind.NAME) {
            throw unexpected(what);
        }
        return take().text();
    }

    /** The error that {@code wanted} should stand here. */
    StatementException unexpected(String wanted) {
        return new StatementException(peek().column(), wanted + " is expected, not " + peek().described());
    }

    /** The rest from here as a statement of its own; this one then stands at its end. */
    Statement takeRest() {
        Statement rest = new Statement(line, tokens.subList(next, tokens.size()));
        next = tokens.size() - 1;
        return rest;
    }

    /** The same statement from its beginning. */
    Statement restarted() {
        return new Statement(line, tokens);
    }
}
