package dev.pagewalk.images.suite;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a counter may be.
 *
 * @param relation how the counter must stand to {@code value}
 */
public record CounterBound(Relation relation, long value) {
    private static final Pattern SYNTAX = Pattern.compile("(==|<=|>=|<|>) *(-?[0-9]{1,18})");

    /** A comparison, under its sign in the expectation file. */
    public enum Relation {
        EQUAL("=="),
        AT_MOST("<="),
        AT_LEAST(">="),
        LESS("<"),
        GREATER(">");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }
    }

    /**
     * Reads {@code "<= 40"} and the like.
     *
     * @throws IllegalArgumentException where the text is no bound; the message says what would be
     */
    public static CounterBound parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no bound: a number, or \"<= 40\" with one of == <= >= < >");
        }
        for (Relation relation : Relation.values()) {
            if (relation.sign.equals(matcher.group(1))) {
                return new CounterBound(relation, Long.parseLong(matcher.group(2)));
            }
        }
        throw new AssertionError(text);
    }

    /** Whether a counter of {@code actual} is within this bound. */
    public boolean allows(long actual) {
        return switch (relation) {
            case EQUAL -> actual == value;
            case AT_MOST -> actual <= value;
            case AT_LEAST -> actual >= value;
            case LESS -> actual < value;
            case GREATER -> actual > value;
        };
    }

    /** The bound as the expectation file has it: {@code <= 40}. */
    @Override
    public String toString() {
        return relation.sign + " " + value;
    }
}
