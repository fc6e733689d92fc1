package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code help [COMMAND]}. */
final class HelpCommand implements MonitorCommand {
    static final String NAME = "help";

    private final Map<String, MonitorCommand> commands;

    /** @param commands all, by name; to be completed before the first use */
    HelpCommand(Map<String, MonitorCommand> commands) {
        this.commands = commands;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String arguments() {
        return "[COMMAND]";
    }

    @Override
    public String summary() {
        return "these lines, or more about one command";
    }

    @Override
    public List<String> details() {
        return List.of("Without a command it lists all of them.");
    }

    @Override
    public List<String> execute(Request request) throws MonitorException {
        List<String> lines = new ArrayList<>();
        if (request.has(0)) {
            MonitorCommand command = commands.get(request.word(0).toLowerCase(Locale.ROOT));
            if (command == null) {
                throw usageError("there is no command '" + Text.shown(request.word(0)) + "', only "
                        + String.join(", ", commands.keySet()));
            }
            lines.add("monitor " + command.usage() + ": " + command.summary());
            lines.addAll(command.details());
            return lines;
        }
        lines.add("What the machine shows of itself; looking changes nothing.");
        TextTable table = new TextTable("command", "shows");
        commands.values().forEach(command -> table.add(command.usage(), command.summary()));
        lines.addAll(table.lines("  "));
        lines.add("PID is the selected process where it is left out; 'help COMMAND' says more.");
        return lines;
    }
}
