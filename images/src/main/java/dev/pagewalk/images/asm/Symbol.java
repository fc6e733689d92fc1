package dev.pagewalk.images.asm;

import dev.pagewalk.images.elf.ElfSymbol;

/** A name that the source defines, or only speaks of ({@code .globl}) so far. */
final class Symbol {
    final String name;
    boolean label;
    int definitionLine;
    boolean global;
    ElfSymbol.Kind kind = ElfSymbol.Kind.UNSPECIFIED;
    long sizeBytes;

    /** Null while the symbol is not defined. */
    Value value;

    /** What the symbol stands for where that could not be computed in the first pass; else null. */
    Deferred deferred;

    /** An expression to be computed later, and the place that {@code .} means in it. */
    record Deferred(Statement expression, Value dot) {}

    Symbol(String name) {
        this.name = name;
    }

    boolean isDefined() {
        return value != null;
    }
}
