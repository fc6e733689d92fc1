package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.mmu.TranslationCache;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCache;
import dev.pagewalk.mmu.walk.WalkStep;
import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code tlb [HART]}: what harts have cached. */
final class TlbCommand implements MonitorCommand {
    private static final List<TranslationCache> TLBS =
            List.of(TranslationCache.L1_INSTRUCTION, TranslationCache.L1_DATA, TranslationCache.L2);

    @Override
    public String name() {
        return "tlb";
    }

    @Override
    public String arguments() {
        return "[HART]";
    }

    @Override
    public String summary() {
        return "what the TLBs and the page-walk cache of a hart hold; without HART also how all do";
    }

    @Override
    public List<String> details() {
        return List.of(
                "Without HART: occupancy and hits of all harts, then the entries of the hart that executes the",
                "selected thread. An entry translates one page for one ASID, or for all where it is global (G).",
                "D in the rights means that stores go through without asking the page table again.",
                "State: 'ok' agrees with the page tables, STALE names another frame or grants more than they do,",
                "'ended' is of an address space that is no more; its ASID is given out again after a flush only.");
    }

    @Override
    public List<String> execute(Request request) throws MonitorException {
        GuestView guest = request.guest();
        if (request.has(0)) {
            int last = guest.harts().size() - 1;
            int hartId = request.number(0, "a hart of this machine", 0, last);
            return entries(guest, guest.harts().get(hartId));
        }
        List<String> lines = new ArrayList<>(summaryOfAll(guest));
        Task selected = request.selectedTask();
        if (selected != null && selected.state() == TaskState.RUNNING) {
            lines.add("");
            lines.addAll(entries(guest, guest.harts().get(selected.hartId())));
        } else {
            lines.add("No hart executes the selected thread; 'tlb HART' lists the entries of a hart.");
        }
        return lines;
    }

    private static List<String> summaryOfAll(GuestView guest) {
        List<String> lines = new ArrayList<>();
        lines.add("TLBs of all harts: entries in use, and lookups since power-on");
        TextTable table = new TextTable(">hart", ">ASID", "TLB", ">entries", ">of", ">hits", ">misses", ">missed");
        for (Hart hart : guest.harts()) {
            for (TranslationCache place : TLBS) {
                Tlb tlb = hart.mmu().tlb(place);
                if (tlb != null) {
                    boolean isFirst = place == TranslationCache.L1_INSTRUCTION;
                    long accesses = accesses(hart.mmu(), place);
                    long misses = misses(hart.mmu(), place);
                    table.add(
                            isFirst ? Integer.toString(hart.id()) : "",
                            isFirst ? Integer.toString(hart.mmu().asid()) : "",
                            place.label(),
                            tlb.validEntries(),
                            tlb.geometry().entries(),
                            accesses - misses,
                            misses,
                            Text.perCent(misses, accesses));
                }
            }
        }
        lines.addAll(table.lines("  "));
        return lines;
    }

    private static long accesses(Mmu mmu, TranslationCache place) {
        MmuCounters counters = mmu.counters();
        return switch (place) {
            case L1_INSTRUCTION -> counters.instructionAccesses();
            case L1_DATA -> counters.dataAccesses();
            default -> counters.l2Accesses();
        };
    }

    private static long misses(Mmu mmu, TranslationCache place) {
        MmuCounters counters = mmu.counters();
        return switch (place) {
            case L1_INSTRUCTION -> counters.instructionMisses();
            case L1_DATA -> counters.dataMisses();
            default -> counters.l2Misses();
        };
    }

    private static List<String> entries(GuestView guest, Hart hart) {
        List<String> lines = new ArrayList<>();
        Mmu mmu = hart.mmu();
        String owners = guest.ownersOfRoot(mmu.rootAddress());
        lines.add(String.format(
                "hart %d has loaded ASID %d, root table 0x%x: %s",
                hart.id(), mmu.asid(), mmu.rootAddress(), owners.isEmpty() ? "the kernel's own" : owners));
        Map<Long, String> ownersByRoot = new HashMap<>();
        guest.spaces()
                .forEach(owned -> ownersByRoot.put(owned.space().pageTable().rootAddress(), owned.owners()));
        for (TranslationCache place : TLBS) {
            Tlb tlb = mmu.tlb(place);
            lines.add("");
            if (tlb == null) {
                lines.add(place.label() + ": this core has none");
            } else {
                addTlb(lines, guest, mmu, place, ownersByRoot);
            }
        }
        lines.add("");
        addWalkCache(lines, guest, mmu.walkCache(), ownersByRoot);
        lines.add("");
        lines.add(Text.count(mmu.counters().walks(), "walk") + " since power-on, reading "
                + Text.count(mmu.counters().walkReads(), "PTE"));
        return lines;
    }

    private static void addTlb(
            List<String> lines, GuestView guest, Mmu mmu, TranslationCache place, Map<Long, String> ownersByRoot) {
        Tlb tlb = mmu.tlb(place);
        TlbGeometry shape = tlb.geometry();
        long misses = misses(mmu, place);
        lines.add(String.format(
                Locale.ROOT,
                "%s: %d of %d entries (%s, %s), %,d hits, %,d misses",
                place.label(),
                tlb.validEntries(),
                shape.entries(),
                ways(shape),
                words(shape.replacement()),
                accesses(mmu, place) - misses,
                misses));
        TextTable table = new TextTable(">entry", "va", ">ASID", ">size", "physical", "VRWXUGAD", "state", "of");
        for (int entry = tlb.nextValid(0); entry >= 0; entry = tlb.nextValid(entry + 1)) {
            long leaf = tlb.leaf(entry);
            String owners = ownersByRoot.getOrDefault(tlb.root(entry), "");
            table.add(
                    Integer.toString(entry),
                    Text.hex(tlb.virtualAddress(entry)),
                    tlb.isGlobal(entry) ? "G" : Integer.toString(tlb.asid(entry)),
                    Text.size(PagingMode.pageSizeBytes(tlb.level(entry))),
                    Text.hex(Pte.physicalAddress(leaf)),
                    "V" + Pte.rights(leaf).toUpperCase(Locale.ROOT),
                    owners.isEmpty() ? "ended" : isStale(guest, tlb, entry) ? "STALE" : "ok",
                    owners.isEmpty() ? "nobody" : owners);
        }
        if (!table.isEmpty()) {
            lines.addAll(table.lines("  "));
        }
    }

    /** Whether any address in the entry's page is translated otherwise than the tables say. */
    private static boolean isStale(GuestView guest, Tlb tlb, int entry) {
        long address = tlb.virtualAddress(entry);
        long end = address + PagingMode.pageSizeBytes(tlb.level(entry));
        while (address < end) {
            List<WalkStep> steps = guest.walk(tlb.root(entry), address);
            if (Agreement.at(address, tlb.leaf(entry), tlb.level(entry), steps).isStale()) {
                return true;
            }
            // Small pages may have come in the place of a large one: each is compared.
            address += PagingMode.pageSizeBytes(steps.get(steps.size() - 1).level());
        }
        return false;
    }

    private static void addWalkCache(
            List<String> lines, GuestView guest, WalkCache cache, Map<Long, String> ownersByRoot) {
        if (cache.entries() == 0) {
            lines.add("walk cache: this core has none");
            return;
        }
        TextTable table = new TextTable(">entry", "serves from", "to", ">ASID", "leads to table", "state", "of");
        int valid = 0;
        for (int entry = cache.nextValid(0); entry >= 0; entry = cache.nextValid(entry + 1)) {
            valid++;
            long start = cache.virtualAddress(entry);
            String owners = ownersByRoot.getOrDefault(cache.root(entry), "");
            table.add(
                    Integer.toString(entry),
                    Text.hex(start),
                    Text.hex(start + PagingMode.pageSizeBytes(cache.tableLevel(entry) + 1) - 1),
                    cache.isGlobal(entry) ? "G" : Integer.toString(cache.asid(entry)),
                    Text.hex(cache.table(entry)) + " of level " + cache.tableLevel(entry),
                    owners.isEmpty() ? "ended" : leadsElsewhere(guest, cache, entry) ? "STALE" : "ok",
                    owners.isEmpty() ? "nobody" : owners);
        }
        lines.add("walk cache: " + valid + " of " + cache.entries() + " entries"
                + ", pointers to tables, so that walks begin below the root");
        if (!table.isEmpty()) {
            lines.addAll(table.lines("  "));
        }
    }

    private static boolean leadsElsewhere(GuestView guest, WalkCache cache, int entry) {
        return guest.walk(cache.root(entry), cache.virtualAddress(entry)).stream()
                .noneMatch(step ->
                        step.level() == cache.tableLevel(entry) && CachedPointer.tableOf(step) == cache.table(entry));
    }

    private static String ways(TlbGeometry shape) {
        if (shape.sets() == 1) {
            return "fully associative";
        }
        return shape.ways() == 1 ? "direct-mapped" : shape.sets() + " sets of " + shape.ways() + " ways";
    }

    private static String words(ReplacementPolicy replacement) {
        return switch (replacement) {
            case FIFO -> "the oldest is replaced";
            case RANDOM -> "a random one is replaced";
            case LRU -> "the least recently used is replaced";
            default -> replacement.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " replacement";
        };
    }
}
