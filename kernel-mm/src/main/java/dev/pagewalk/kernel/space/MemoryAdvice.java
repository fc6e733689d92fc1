package dev.pagewalk.kernel.space;

/** What madvise can be told here. Source: Linux, include/uapi/asm-generic/mman-common.h, for the numbers and names. */
public enum MemoryAdvice {
    NORMAL(0),
    RANDOM(1),
    SEQUENTIAL(2),
    WILLNEED(3),
    DONTNEED(4),
    FREE(8),
    DONTFORK(10),
    DOFORK(11),
    HUGEPAGE(14),
    NOHUGEPAGE(15);

    private final int number;

    MemoryAdvice(int number) {
        this.number = number;
    }

    /** The advice of a number, or null. */
    public static MemoryAdvice of(long number) {
        for (MemoryAdvice advice : values()) {
            if (advice.number == number) {
                return advice;
            }
        }
        return null;
    }
}
