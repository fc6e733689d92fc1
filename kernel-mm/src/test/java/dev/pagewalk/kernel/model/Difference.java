package dev.pagewalk.kernel.model;

import java.util.Objects;

/** Says where kernel and model differ; cheap where they do not. */
final class Difference {
    private Difference() {}

    static void unlessEqual(String what, Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + ": should be " + expected + ", is " + actual);
        }
    }

    static void unlessSame(String what, long expected, long actual) {
        if (expected != actual) {
            throw new AssertionError(what + ": should be " + expected + ", is " + actual);
        }
    }
}
