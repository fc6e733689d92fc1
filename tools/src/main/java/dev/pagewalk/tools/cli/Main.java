package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.run.ExitStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line's front door: {@code tools/pagewalk} calls it. */
@Command(
        name = "pagewalk",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "A deterministic machine emulator whose subject is virtual memory.",
        footer = {
            "",
            "Start with:",
            "  pagewalk boot hello            run a guest",
            "  pagewalk images                see which guests there are",
            "  pagewalk boot brk --strace     watch its system calls",
            "  pagewalk boot sieve --stats    see what its memory accesses cost",
            "",
            "'pagewalk help COMMAND' explains a command."
        })
public final class Main implements Runnable {
    private static final String HELP = "help";

    /** In the order of the usage text. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("boot", BootCommand.class);
        COMMANDS.put("test", TestCommand.class);
        COMMANDS.put("merge", MergeCommand.class);
        COMMANDS.put("asm", AsmCommand.class);
        COMMANDS.put("disasm", DisasmCommand.class);
        COMMANDS.put("images", ImagesCommand.class);
        COMMANDS.put("profiles", ProfilesCommand.class);
        COMMANDS.put("bench", BenchCommand.class);
        COMMANDS.put(HELP, HelpCommand.class);
    }

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "show a stack trace where something inside goes wrong")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    /** No command was given. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Executes a command line; returns the exit status. */
    public static int execute(String... arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        addCommands(commandLine, arguments);
        // Arguments are the guest's: one that begins with @ names no file of options.
        commandLine.setExpandAtFiles(false);
        Failures failures = new Failures(arguments);
        commandLine.setParameterExceptionHandler(failures);
        commandLine.setExecutionExceptionHandler(failures);
        try {
            return commandLine.execute(arguments);
        } catch (OutOfMemoryError e) {
            Messages.print("the host has not enough memory for this guest; give the JVM more, or the guest less --ram");
            return ExitStatus.USAGE;
        } catch (StackOverflowError | AssertionError e) {
            return failures.internalError(e);
        }
    }

    /** Reading a command's options takes as long as a short guest: where one is called, the others are left out. */
    private static void addCommands(CommandLine commandLine, String[] arguments) {
        String first = arguments.length == 0 ? HELP : arguments[0];
        if (COMMANDS.containsKey(first) && !first.equals(HELP)) {
            commandLine.addSubcommand(first, COMMANDS.get(first));
        } else {
            COMMANDS.forEach(commandLine::addSubcommand);
        }
    }
}
