package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.RegionKind;

/** One mapped page of one space: what its region says of it, and what it shows. */
final class ModelPage {
    final RegionKind kind;

    /** Null for private memory that begins as zeros. */
    final ModelFile file;

    final int filePage;
    final boolean shared;
    final boolean mayWrite;
    int protection;
    int advice;

    /** Null where nothing is in the page tables. */
    Cell cell;

    ModelPage(
            RegionKind kind,
            int protection,
            int advice,
            ModelFile file,
            int filePage,
            boolean shared,
            boolean mayWrite) {
        this.kind = kind;
        this.protection = protection;
        this.advice = advice;
        this.file = file;
        this.filePage = filePage;
        this.shared = shared;
        this.mayWrite = mayWrite;
    }

    static ModelPage anonymous(RegionKind kind, int protection, int advice) {
        return new ModelPage(kind, protection, advice, null, 0, false, false);
    }

    /** A page of the same region, so many pages further on, with nothing in it. */
    ModelPage further(int pages) {
        return further(pages, kind);
    }

    ModelPage further(int pages, RegionKind newKind) {
        return new ModelPage(newKind, protection, advice, file, filePage + pages, shared, mayWrite);
    }

    /** Whether the page that follows belongs to the same region. */
    boolean isContinuedBy(ModelPage next) {
        return next != null
                && kind == next.kind
                && protection == next.protection
                && advice == next.advice
                && file == next.file
                && (file == null
                        || filePage + 1 == next.filePage && shared == next.shared && mayWrite == next.mayWrite);
    }

    boolean has(int adviceBits) {
        return (advice & adviceBits) == adviceBits;
    }

    boolean isHugeAnonymous() {
        return kind == RegionKind.ANONYMOUS || kind == RegionKind.HEAP;
    }

    void dropLocks() {
        advice &= ~(Advice.LOCKED | Advice.LOCKED_ON_FAULT);
    }
}
