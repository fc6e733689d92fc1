package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.tools.text.TextTable;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.List;

/** Prints recent events under captions. */
final class EventTable {
    private EventTable() {}

    /** No line where there are no events. */
    static List<String> lines(List<RecentEvents.Event> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        TextTable table = new TextTable(">cycle", ">hart", ">took", "kind", "what");
        for (RecentEvents.Event event : events) {
            table.add(
                    event.startCycle(),
                    Integer.toString(event.hartId()),
                    event.endCycle() - event.startCycle(),
                    words(event.category()),
                    event.what());
        }
        return table.lines("");
    }

    private static String words(TraceCategory category) {
        return switch (category) {
            case SYSTEM_CALL -> "system call";
            case FAULT -> "fault";
            case IPI -> "interrupt";
            case FLUSH -> "flush";
            case LOCK -> "lock";
            case SHOOTDOWN -> "shootdown";
            default -> throw new IllegalStateException(category + " is not kept");
        };
    }
}
