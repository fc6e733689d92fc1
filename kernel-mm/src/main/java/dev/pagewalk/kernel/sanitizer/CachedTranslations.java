package dev.pagewalk.kernel.sanitizer;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.TranslationCache;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.walk.WalkCache;
import java.util.BitSet;
import java.util.List;

/** Everything that the harts have cached of page tables: in all their TLBs and walk caches. */
final class CachedTranslations {
    private static final List<TranslationCache> PLACES = List.of(TranslationCache.values());

    private final List<Hart> harts;

    CachedTranslations(List<Hart> harts) {
        this.harts = harts;
    }

    interface TlbVisitor {
        void visit(Hart hart, TranslationCache place, Tlb tlb);
    }

    interface WalkCacheVisitor {
        void visit(Hart hart, WalkCache cache);
    }

    /** Visits the TLBs that hold anything. */
    void forEachTlb(TlbVisitor visitor) {
        for (Hart hart : harts) {
            for (TranslationCache place : PLACES) {
                Tlb tlb = hart.mmu().tlb(place);
                if (tlb != null && tlb.validEntries() > 0) {
                    visitor.visit(hart, place, tlb);
                }
            }
        }
    }

    /** Visits the walk caches, which are small. */
    void forEachWalkCache(WalkCacheVisitor visitor) {
        for (Hart hart : harts) {
            visitor.visit(hart, hart.mmu().walkCache());
        }
    }

    /** The marks that any of them has; 0 means none. */
    BitSet marks() {
        BitSet marks = new BitSet();
        forEachTlb((hart, place, tlb) -> {
            for (int entry = tlb.nextValid(0); entry >= 0; entry = tlb.nextValid(entry + 1)) {
                marks.set(tlb.staleMark(entry));
            }
        });
        forEachWalkCache((hart, cache) -> {
            for (int entry = cache.nextValid(0); entry >= 0; entry = cache.nextValid(entry + 1)) {
                marks.set(cache.staleMark(entry));
            }
        });
        return marks;
    }
}
