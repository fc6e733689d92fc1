package dev.pagewalk.images.asm;

/**
 * What an expression comes to: a number, a place in a section, or nothing yet.
 *
 * @param section the section that {@code number} counts from; null where it is a plain number
 * @param known false while a symbol in the expression is defined only further down
 */
record Value(Section section, long number, boolean known) {
    static final Value UNKNOWN = new Value(null, 0, false);

    static Value of(long number) {
        return new Value(null, number, true);
    }

    static Value place(Section section, long offset) {
        return new Value(section, offset, true);
    }

    boolean isNumber() {
        return known && section == null;
    }

    /** This value as a plain number (an address where it was a place); {@link #UNKNOWN} before sections have addresses. */
    Value resolved() {
        if (isNumber()) {
            return this;
        }
        return known && section.isPlaced() ? of(section.address() + number) : UNKNOWN;
    }

    Value plus(Value other) {
        if (known && other.known && (section == null || other.section == null)) {
            return new Value(section == null ? other.section : section, number + other.number, true);
        }
        Value left = resolved();
        Value right = other.resolved();
        return left.known && right.known ? of(left.number + right.number) : UNKNOWN;
    }

    Value minus(Value other) {
        if (known && other.known && (other.section == null || other.section == section)) {
            return new Value(other.section == null ? section : null, number - other.number, true);
        }
        Value left = resolved();
        Value right = other.resolved();
        return left.known && right.known ? of(left.number - right.number) : UNKNOWN;
    }
}
