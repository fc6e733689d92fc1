package dev.pagewalk.mmu;

/** The places where a hart keeps translations, with the names that people know them by. */
public enum TranslationCache {
    L1_INSTRUCTION("L1I"),
    L1_DATA("L1D"),
    L2("L2"),
    WALK_CACHE("walk cache");

    private final String label;

    TranslationCache(String label) {
        this.label = label;
    }

    /** {@code L1I}, {@code L1D}, {@code L2} or {@code walk cache}. */
    public String label() {
        return label;
    }
}
