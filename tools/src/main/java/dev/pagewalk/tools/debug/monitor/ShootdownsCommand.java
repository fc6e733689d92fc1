package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownStatistics;
import dev.pagewalk.tools.text.TextTable;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.ArrayList;
import java.util.List;

/** {@code shootdowns}: how translations are taken away from harts, and what of that is under way. */
final class ShootdownsCommand implements MonitorCommand {
    private static final int MOST_RECENT = 5;

    private final RecentEvents events;

    /** @param events null where nobody has kept any */
    ShootdownsCommand(RecentEvents events) {
        this.events = events;
    }

    @Override
    public String name() {
        return "shootdowns";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "how translations are taken away from other harts, and what is under way";
    }

    @Override
    public List<String> details() {
        return List.of(
                "When the kernel narrows a PTE, harts may still have the old one in their TLBs. A shootdown tells them,",
                "and frames are given back only when all have answered. A wait is the time from telling the last",
                "hart to the last answer, in cycles of the hart that waits.");
    }

    @Override
    public List<String> execute(Request request) {
        GuestView guest = request.guest();
        List<String> lines = new ArrayList<>();
        String policy = guest.kernel().shootdownPolicy();
        lines.add("policy " + policy + ": " + describe(policy));
        addCounts(lines, guest.shootdowns().statistics());
        lines.add("");
        List<Shootdown> underWay = guest.shootdowns().unfinished();
        lines.add(
                underWay.isEmpty()
                        ? "Nothing is under way."
                        : "under way at cycle " + Text.number(guest.nowCycle()) + ":");
        if (underWay.stream().anyMatch(shootdown -> shootdown.issuedCycle() > guest.nowCycle())) {
            lines.add("  (issued later than now: a kernel step takes effect at once, and its cycles pass afterwards)");
        }
        underWay.forEach(shootdown -> lines.add("  " + ShootdownText.describe(guest, shootdown)));
        if (events != null) {
            List<String> recent = EventTable.lines(events.last(MOST_RECENT, ShootdownsCommand::isShootdown));
            if (!recent.isEmpty()) {
                lines.add("");
                lines.add("the last ones that are over:");
                recent.forEach(line -> lines.add("  " + line));
            }
        }
        return lines;
    }

    /** Not what the initiator does afterwards. */
    private static boolean isShootdown(RecentEvents.Event event) {
        return event.category() == TraceCategory.SHOOTDOWN && event.name().startsWith("shootdown ");
    }

    private static void addCounts(List<String> lines, ShootdownStatistics counts) {
        TextTable table = new TextTable("since power-on", ">count", "of");
        table.add("shootdowns", counts.count, "something taken away that some hart may have had cached");
        table.add("interrupts", counts.ipis, "sent; one may carry several requests");
        table.add("answers", counts.acks, "of harts that were waited for");
        table.add("page flushes", counts.rangeFlushes, "page by page, the initiators' own included");
        table.add("full flushes", counts.fullFlushes, "of an address space or of everything");
        table.add("skipped", counts.skipped, "requests for which nothing was left to flush");
        lines.addAll(table.lines("  "));
        if (counts.waitCycles() == 0) {
            lines.add("  waits: none");
            return;
        }
        lines.add("  waits: " + Text.count(counts.waitCycles(), "cycle") + " in all, half of them at most "
                + Text.number(counts.waitCyclesAt(50)) + ", 99 of 100 at most " + Text.number(counts.waitCyclesAt(99))
                + ", the longest " + Text.number(counts.longestWaitCycles()));
    }

    private static String describe(String policy) {
        return switch (policy) {
            case "broadcast" -> "interrupts all other harts, which flush everything";
            case "targeted" ->
                "interrupts the harts that may have the address space cached; they flush page by page up to a ceiling";
            case "batched" -> "collects up to 16 addresses; harts that are told flush everything";
            case "lazy" -> "harts that do not run the address space flush when they switch to it";
            case "latr" ->
                "unmapping leaves notes that harts find at their next tick; nobody waits, frames are given back later";
            case "early-ack" -> "harts answer when they take the interrupt, and flush then";
            case "hardware-broadcast" -> "the hardware invalidates on all harts, without interrupts";
            default -> "no description";
        };
    }
}
