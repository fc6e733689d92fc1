package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.shootdown.SpaceTranslations;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.TranslationCache;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.walk.WalkStep;
import java.util.List;

/**
 * What one TLB of a hart holds for an address of a space.
 *
 * @param place which TLB
 * @param leaf the PTE as the TLB holds it
 * @param foreignRoot the root table under which it was filled where that is another space's, which has the same ASID; else 0
 */
record CachedLeaf(TranslationCache place, long leaf, int level, long foreignRoot, Agreement agreement) {
    /** @return null where it holds nothing, or where the hart has no such TLB */
    static CachedLeaf find(
            Mmu mmu, TranslationCache place, SpaceTranslations space, long virtualAddress, List<WalkStep> steps) {
        Tlb tlb = mmu.tlb(place);
        int entry = tlb == null ? -1 : tlb.lookup(virtualAddress, space.asid());
        if (entry < 0) {
            return null;
        }
        boolean isForeign =
                !tlb.isGlobal(entry) && tlb.root(entry) != space.pageTable().rootAddress();
        long leaf = tlb.leaf(entry);
        int level = tlb.level(entry);
        return new CachedLeaf(
                place, leaf, level, isForeign ? tlb.root(entry) : 0, Agreement.at(virtualAddress, leaf, level, steps));
    }

    boolean isForeign() {
        return foreignRoot != 0;
    }

    /** For a column. */
    String word() {
        return isForeign() ? "other's" : agreement.word();
    }

    /** What it holds and what is to be said of that; empty where it agrees fully. */
    String remark() {
        if (isForeign()) {
            return Pte.describe(leaf) + ", of "
                    + (foreignRoot == Tlb.NO_ROOT
                            ? "an address space that is gone"
                            : "root table " + Text.hex(foreignRoot))
                    + ": another address space has the same ASID";
        }
        return agreement.reason().isEmpty() ? "" : Pte.describe(leaf) + ", but " + agreement.reason();
    }
}
