package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.SpaceTranslations;
import dev.pagewalk.mmu.TranslationCache;
import dev.pagewalk.mmu.walk.WalkStep;
import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What harts have cached of one address of one address space, and whether they may; in lines. */
final class CachedReport {
    private static final String NOTHING = "-";

    private final GuestView guest;
    private final SpaceTranslations translations;
    private final long address;
    private final List<WalkStep> steps;
    private final List<String> lines = new ArrayList<>();

    /** @param steps the walk for the address */
    CachedReport(GuestView guest, SpaceTranslations translations, long address, List<WalkStep> steps) {
        this.guest = guest;
        this.translations = translations;
        this.address = address;
        this.steps = steps;
    }

    List<String> lines() {
        addHarts();
        addShootdowns();
        return lines;
    }

    private void addHarts() {
        if (translations.asid() == 0) {
            lines.add("No hart has loaded this address space yet, so none has cached anything of it.");
            return;
        }
        boolean hasL2 = guest.profile().translation().l2() != null;
        TextTable table =
                new TextTable(">hart", "space", "L1I", "L1D", "L2", "walk cache", ">walk costs", ">load costs");
        Map<List<String>, Long> hartsByRemarks = new LinkedHashMap<>();
        WalkCosts costs = new WalkCosts(guest.profile().translation(), steps);
        for (Hart hart : guest.harts()) {
            CachedLeaf instruction = find(hart, TranslationCache.L1_INSTRUCTION);
            CachedLeaf data = find(hart, TranslationCache.L1_DATA);
            CachedLeaf second = find(hart, TranslationCache.L2);
            CachedPointer pointer = CachedPointer.find(hart.mmu().walkCache(), translations, address, steps);
            table.add(
                    Integer.toString(hart.id()),
                    standing(hart),
                    word(instruction),
                    word(data),
                    hasL2 ? word(second) : "none",
                    pointer == null ? NOTHING : pointer.word(),
                    pointer != null && !pointer.agrees() ? "unknown" : Text.number(costs.from(pointer)),
                    costs.ofLoad(data, second, pointer));
            hartsByRemarks.merge(
                    remarks(hart, Stream.of(instruction, data, second), pointer),
                    HartBits.of(hart.id()),
                    (some, more) -> some | more);
        }
        lines.addAll(table.lines("  "));
        lines.add("  costs are cycles beyond the instruction's own; a walk begins where the walk cache leads");
        hartsByRemarks.forEach(
                (remarks, harts) -> remarks.forEach(remark -> lines.add(Text.harts(harts) + ", " + remark)));
    }

    private CachedLeaf find(Hart hart, TranslationCache place) {
        return CachedLeaf.find(hart.mmu(), place, translations, address, steps);
    }

    private static String word(CachedLeaf leafOrNull) {
        return leafOrNull == null ? NOTHING : leafOrNull.word();
    }

    private String standing(Hart hart) {
        if (HartBits.contains(translations.loadedOn(), hart.id())) {
            return "loaded";
        }
        return HartBits.contains(translations.cachedOn(), hart.id()) ? "left" : NOTHING;
    }

    /** What is to be said of a hart, but for who it is: harts of which the same is to be said share the lines. */
    private List<String> remarks(Hart hart, Stream<CachedLeaf> leaves, CachedPointer pointer) {
        Map<String, List<String>> placesByRemark = new LinkedHashMap<>();
        boolean isStale = pointer != null && !pointer.agrees();
        for (CachedLeaf leaf : leaves.filter(Objects::nonNull).toList()) {
            String remark = leaf.remark();
            if (!remark.isEmpty()) {
                placesByRemark
                        .computeIfAbsent(remark, key -> new ArrayList<>())
                        .add(leaf.place().label());
            }
            isStale |= !leaf.isForeign() && leaf.agreement().isStale();
        }
        List<String> remarks = new ArrayList<>();
        placesByRemark.forEach((remark, places) -> remarks.add(Text.and(places) + ": " + remark));
        if (pointer != null && !pointer.agrees()) {
            remarks.add("walk cache: leads to table " + Text.hex(pointer.table()) + " of level " + pointer.tableLevel()
                    + ", the page tables do not");
        }
        if (isStale) {
            remarks.add("stale, " + excuse(hart));
        }
        return remarks;
    }

    /** Why a hart may have what it should not use. */
    private String excuse(Hart hart) {
        for (Shootdown shootdown : guest.shootdownsOf(translations, address)) {
            if (HartBits.contains(shootdown.awaited(), hart.id())) {
                return "as it may be: shootdown " + shootdown.number() + " is under way and awaits the answer ("
                        + guest.shootdowns().answerOf(shootdown, hart.id()).label()
                        + ")";
            }
            if (shootdown.isInHardware()) {
                return "as it may be: shootdown " + shootdown.number() + " is under way in hardware";
            }
        }
        if (guest.shootdowns().isQueued(hart.id(), translations.asid())) {
            return "but harmless: the hart flushes before it runs a guest of this address space again";
        }
        return "and no flush is due: either the operation that has changed the PTE is not over, or the kernel is wrong";
    }

    private void addShootdowns() {
        List<Shootdown> underWay = guest.shootdownsOf(translations, address);
        lines.add("");
        if (underWay.isEmpty()) {
            lines.add("No shootdown is under way for this address.");
        }
        for (Shootdown shootdown : underWay) {
            lines.add(ShootdownText.describe(guest, shootdown));
        }
    }
}
