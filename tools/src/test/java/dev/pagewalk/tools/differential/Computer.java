package dev.pagewalk.tools.differential;

/** Something that runs a guest to its end. */
@FunctionalInterface
interface Computer {
    /** @param source the guest in assembly */
    Outcome run(String source);

    /** Broken as if its decoder took one instruction for another; to see whether it is found out. */
    static Computer confusing(Computer computer, String mnemonic, String other) {
        return source -> computer.run(source.replaceAll("\\b%s ".formatted(mnemonic), other + " "));
    }
}
