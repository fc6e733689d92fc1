package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.shootdown.SpaceTranslations;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.walk.WalkStep;
import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The walk of one address of one process, in lines: the tables on the way, and where it ends. */
final class WalkReport {
    private final GuestView guest;
    private final Process process;
    private final AddressSpace space;
    private final SpaceTranslations translations;
    private final long address;
    private final List<WalkStep> steps;
    private final WalkStep last;
    private final PageStory story;
    private final List<String> lines = new ArrayList<>();

    WalkReport(GuestView guest, Process process, long address) {
        this.guest = guest;
        this.process = process;
        this.space = process.space();
        this.translations = space.translations();
        this.address = address;
        this.steps = guest.walk(space.pageTable().rootAddress(), address);
        this.last = steps.get(steps.size() - 1);
        this.story = new PageStory(space, address);
    }

    List<String> lines() {
        lines.add(String.format(
                "walk of 0x%x in process %d: %s, root table 0x%x, %s",
                address,
                process.pid(),
                guest.pagingMode().name().toLowerCase(Locale.ROOT),
                space.pageTable().rootAddress(),
                translations.asid() == 0 ? "no ASID yet" : "ASID " + translations.asid()));
        lines.add("");
        addLevels();
        lines.add("");
        addOutcome();
        lines.add("");
        lines.addAll(new CachedReport(guest, translations, address, steps).lines());
        return lines;
    }

    private void addLevels() {
        TextTable table = new TextTable(
                ">level", "table", ">index", "PTE at", "PTE", "VRWXUGAD", "RSW", ">PPN", "PBMT", "leads to");
        for (WalkStep step : steps) {
            long pte = step.pte();
            table.add(
                    Integer.toString(step.level()),
                    Text.hex(CachedPointer.tableOf(step)),
                    Integer.toString(step.index()),
                    Text.hex(step.pteAddress()),
                    String.format("0x%016x", pte),
                    Pte.isValid(pte) ? "V" + Pte.rights(pte).toUpperCase(Locale.ROOT) : flagsOfInvalid(pte),
                    Integer.toString(Pte.softwareBits(pte)),
                    Text.hex(Pte.physicalAddress(pte) >>> PagingMode.PAGE_SHIFT),
                    memoryType(pte),
                    target(step));
        }
        lines.addAll(table.lines("  "));
    }

    private static String flagsOfInvalid(long pte) {
        return "-" + Pte.rights(pte).toUpperCase(Locale.ROOT);
    }

    private static String memoryType(long pte) {
        return switch (Pte.memoryType(pte)) {
            case Pte.PBMT_PMA -> "PMA";
            case Pte.PBMT_NC -> "NC";
            case Pte.PBMT_IO -> "IO";
            default -> "reserved";
        };
    }

    private static String target(WalkStep step) {
        if (!step.verdict().isEmpty()) {
            return step.verdict();
        }
        return Pte.isLeaf(step.pte()) ? "the page" : "the next table";
    }

    private void addOutcome() {
        if (Agreement.isLeaf(last)) {
            addLeaf();
        } else if (last.level() > 0 && last.pte() == 0) {
            say(
                    "result",
                    "none: there is no table for the " + Text.size(PagingMode.pageSizeBytes(last.level()))
                            + " around the address");
        } else {
            say("result", "none: the walk ends in a " + last.verdict().replace(":", ","));
        }
        say("region", story.place());
        if (!story.explanation().isEmpty()) {
            say("page", story.explanation());
        }
        say(
                "cost",
                new WalkCosts(guest.profile().translation(), steps)
                        .describe(guest.profile().name()));
    }

    private void addLeaf() {
        long pte = last.pte();
        long physical = Agreement.physical(pte, last.level(), address);
        say(
                "leaf",
                "a page of " + Text.size(PagingMode.pageSizeBytes(last.level())) + " at level " + last.level()
                        + "; user mode may " + rights(pte)
                        + ((pte & Pte.A) == 0 ? "; not accessed yet" : "; accessed (A)")
                        + (Pte.isDirty(pte) ? ", stored to (D)" : "")
                        + memoryTypeRemark(pte));
        String frame = "";
        if (guest.machine().bus().memory().contains(physical, 1)) {
            FrameAllocator frames = guest.kernel().frames();
            long start = physical & PagingMode.PAGE_MASK;
            int owners = frames.owners(start);
            frame = owners == 0
                    ? ", in a frame that is free (the kernel is wrong)"
                    : ", in a frame of " + Text.use(frames.use(start)) + " with " + Text.count(owners, "owner");
        }
        say("result", String.format("0x%x is physical 0x%x%s", address, physical, frame));
    }

    private static String memoryTypeRemark(long pte) {
        return switch (Pte.memoryType(pte)) {
            case Pte.PBMT_PMA -> "";
            case Pte.PBMT_IO -> "; memory of a device";
            default -> "; memory that is not cached";
        };
    }

    private static String rights(long pte) {
        List<String> rights = new ArrayList<>();
        if ((pte & Pte.R) != 0) {
            rights.add("load");
        }
        if ((pte & Pte.W) != 0) {
            rights.add("store");
        }
        if ((pte & Pte.X) != 0) {
            rights.add("execute");
        }
        return Text.and(rights);
    }

    private void say(String subject, String text) {
        lines.add(String.format("%-8s %s", subject, text));
    }
}
