package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.walk.WalkStep;
import java.util.List;

/**
 * How a cached leaf compares with what the page tables say about one of its addresses. Granting less than they do is no
 * disagreement: it costs a fault or a walk at most.
 */
enum Agreement {
    AGREES("agrees", ""),
    GRANTS_LESS("agrees", "it grants less than the PTE: an access that needs more walks or faults first"),
    GONE("STALE", "no PTE maps this address any more"),
    OTHER_FRAME("STALE", "the PTE names another frame"),
    GRANTS_MORE("STALE", "it grants what the PTE does not");

    /** What a leaf may grant, other address spaces included. */
    private static final long RIGHTS = Pte.R | Pte.W | Pte.X | Pte.U | Pte.G;

    private final String word;
    private final String reason;

    Agreement(String word, String reason) {
        this.word = word;
        this.reason = reason;
    }

    /** {@code agrees} or {@code STALE}. */
    String word() {
        return word;
    }

    /** What is to be said beyond that; empty where nothing. */
    String reason() {
        return reason;
    }

    boolean isStale() {
        return this == GONE || this == OTHER_FRAME || this == GRANTS_MORE;
    }

    /**
     * Compares at one address.
     *
     * @param cached the leaf that a TLB holds
     * @param cachedLevel of its page's size
     * @param steps the walk for that address
     */
    static Agreement at(long virtualAddress, long cached, int cachedLevel, List<WalkStep> steps) {
        WalkStep last = steps.get(steps.size() - 1);
        if (!isLeaf(last)) {
            return GONE;
        }
        long pte = last.pte();
        if (physical(cached, cachedLevel, virtualAddress) != physical(pte, last.level(), virtualAddress)) {
            return OTHER_FRAME;
        }
        boolean storesUnseen = (cached & (Pte.W | Pte.D)) == (Pte.W | Pte.D) && !Pte.isDirty(pte);
        if ((cached & RIGHTS & ~pte) != 0 || storesUnseen || Pte.memoryType(cached) != Pte.memoryType(pte)) {
            return GRANTS_MORE;
        }
        return (pte & (RIGHTS | Pte.D) & ~cached) != 0 ? GRANTS_LESS : AGREES;
    }

    /** Whether a walk has ended at a leaf that user mode may use in some way. */
    static boolean isLeaf(WalkStep last) {
        return last.verdict().isEmpty() && Pte.isLeaf(last.pte());
    }

    static long physical(long leaf, int level, long virtualAddress) {
        return Pte.physicalAddress(leaf) | virtualAddress & PagingMode.pageSizeBytes(level) - 1;
    }
}
