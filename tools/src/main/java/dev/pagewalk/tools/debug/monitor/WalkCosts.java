package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.walk.WalkStep;
import java.util.List;

/** What a hardware walk for one address costs, from the timing profile, in cycles beyond the instruction's own. */
final class WalkCosts {
    private final MmuParameters translation;
    private final List<WalkStep> steps;

    WalkCosts(MmuParameters translation, List<WalkStep> steps) {
        this.translation = translation;
        this.steps = steps;
    }

    int reads() {
        return steps.size();
    }

    /** From the root: the page-walk cache, where there is one, is asked in vain. */
    long fromRoot() {
        return translation.walkCache().latencyCycles() + (long) reads() * translation.pteReadCycles();
    }

    /** @param start where the page-walk cache lets the walk begin; null for the root */
    long from(CachedPointer start) {
        if (start == null) {
            return fromRoot();
        }
        long readsBelow = steps.stream()
                .filter(step -> step.level() <= start.tableLevel())
                .count();
        return translation.walkCache().latencyCycles() + readsBelow * translation.pteReadCycles();
    }

    /** How a load now would find its translation, and for what; for a column. */
    String ofLoad(CachedLeaf l1, CachedLeaf l2, CachedPointer start) {
        if (l1 != null) {
            return permitsLoad(l1.leaf()) ? "0" : "fault";
        }
        long l2Cycles = translation.l2() == null ? 0 : translation.l2().latencyCycles();
        if (l2 != null) {
            return permitsLoad(l2.leaf()) ? Text.number(l2Cycles) : l2Cycles + ", fault";
        }
        long walkCycles = l2Cycles + from(start);
        WalkStep last = steps.get(steps.size() - 1);
        if (start != null && !start.agrees()) {
            return "unknown";
        }
        if (!Agreement.isLeaf(last) || !permitsLoad(last.pte())) {
            return Text.number(walkCycles) + ", fault";
        }
        if ((last.pte() & Pte.A) == 0) {
            return translation.hardwareUpdatesAccessedDirty()
                    ? Text.number(walkCycles + translation.pteUpdateCycles())
                    : Text.number(walkCycles) + ", fault";
        }
        return Text.number(walkCycles);
    }

    private static boolean permitsLoad(long leaf) {
        return (leaf & Pte.R) != 0;
    }

    String describe(String profileName) {
        StringBuilder text = new StringBuilder(Text.count(reads(), "PTE"))
                .append(" to read, ")
                .append(Text.count(translation.pteReadCycles(), "cycle"))
                .append(" each");
        if (translation.walkCache().entries() > 0) {
            text.append(", after ")
                    .append(Text.count(translation.walkCache().latencyCycles(), "cycle"))
                    .append(" for the page-walk cache");
        }
        text.append(": ").append(Text.count(fromRoot(), "cycle"));
        if (translation.l2() != null) {
            text.append("; before that ")
                    .append(Text.count(translation.l2().latencyCycles(), "cycle"))
                    .append(" for the L2 TLB");
        }
        return text.append(" (profile ").append(profileName).append(")").toString();
    }
}
