package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.tools.trace.RecentEvents;
import java.util.ArrayList;
import java.util.List;

/** {@code events [N]}: what the kernel has done lately. */
final class EventsCommand implements MonitorCommand {
    private static final int SHOWN = 20;

    private final RecentEvents events;

    /** @param events null where nobody has kept any */
    EventsCommand(RecentEvents events) {
        this.events = events;
    }

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String arguments() {
        return "[N]";
    }

    @Override
    public String summary() {
        return "the last N things that the kernel did (20): faults, system calls, interrupts, shootdowns";
    }

    @Override
    public List<String> details() {
        return List.of(
                "In the order of their beginnings, in cycles since power-on. What takes time is told when it is over:",
                "a system call that still waits is not here yet.");
    }

    @Override
    public List<String> execute(Request request) throws MonitorException {
        if (events == null) {
            throw new MonitorException("events are not kept on this machine: boot with --gdb to have them kept");
        }
        int most = request.has(0) ? request.number(0, "a number of events", 1, Integer.MAX_VALUE) : SHOWN;
        List<String> lines = new ArrayList<>();
        List<String> recent = EventTable.lines(events.last(most, event -> true));
        if (recent.isEmpty()) {
            lines.add("Nothing has happened yet.");
            return lines;
        }
        int shown = recent.size() - 1;
        lines.add("the last " + Text.count(shown, "event") + " of " + Text.number(events.told())
                + (most > events.capacity() ? "; no more than " + Text.number(events.capacity()) + " are kept" : ""));
        recent.forEach(line -> lines.add("  " + line));
        return lines;
    }
}
