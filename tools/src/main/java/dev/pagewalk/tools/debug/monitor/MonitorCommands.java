package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answers the debugger's {@code monitor} lines about one machine. All calls come from the machine's thread while it stands
 * still; they change nothing, not even a counter or the age of a TLB entry.
 */
public final class MonitorCommands {
    /** Of no process: commands that need one say so. */
    public static final int NO_PROCESS = 0;

    private final GuestView guest;
    private final Map<String, MonitorCommand> commands = new TreeMap<>();

    /** Commands for a machine whose guest has no name and of whose events nobody has kept any. */
    public MonitorCommands(MachineAssembly assembly) {
        this(assembly, "guest", null);
    }

    /**
     * @param image the guest's name as the user gave it
     * @param events what has happened lately: a part of the machine's trace; null where nobody has kept it
     */
    public MonitorCommands(MachineAssembly assembly, String image, RecentEvents events) {
        this.guest = new GuestView(assembly);
        List.of(
                        new HelpCommand(commands),
                        new WalkCommand(),
                        new TlbCommand(),
                        new MapsCommand(),
                        new FramesCommand(),
                        new CowCommand(),
                        new ShootdownsCommand(events),
                        new StatsCommand(assembly, image),
                        new SanitizerCommand(),
                        new EventsCommand(events),
                        new HartsCommand(),
                        new RegionsCommand(
                                assembly.engine(), () -> assembly.machine().engineReport()))
                .forEach(command -> commands.put(command.name(), command));
    }

    /**
     * Executes a line such as {@code walk 0x10000}; a process is selected with its first thread.
     *
     * @param pid of the selected process, or {@link #NO_PROCESS}
     */
    public String execute(int pid, String line) {
        return execute(pid, pid, line);
    }

    /**
     * Executes a line such as {@code walk 0x10000}.
     *
     * @param pid of the selected process, or {@link #NO_PROCESS}
     * @param tid of the selected thread, whose {@code pc} and {@code sp} the line may name
     * @return lines, each with a line feed at its end; where something is wrong, one that says what and what would be right
     */
    public String execute(int pid, int tid, String line) {
        String[] words = line.strip().split("\\s+");
        String name = words[0].isEmpty() ? HelpCommand.NAME : words[0].toLowerCase(Locale.ROOT);
        try {
            MonitorCommand command = commands.get(name);
            if (command == null) {
                throw new MonitorException("there is no monitor command '" + Text.shown(name) + "': use "
                        + String.join(", ", commands.keySet()));
            }
            List<String> arguments = List.of(words).subList(1, words.length);
            if (arguments.size() > command.mostArguments()) {
                throw command.usageError(
                        command.mostArguments() == 0
                                ? "it takes no arguments"
                                : "it takes " + Text.count(command.mostArguments(), "argument") + " at most");
            }
            List<String> lines = command.execute(new Request(guest, command, pid, tid, arguments));
            return String.join("\n", lines) + "\n";
        } catch (MonitorException wrong) {
            return wrong.getMessage() + "\n";
        }
    }
}
