package dev.pagewalk.images.conformance;

/** When a branch is taken. */
@FunctionalInterface
interface Condition {
    boolean holds(Operand a, Operand b);
}
