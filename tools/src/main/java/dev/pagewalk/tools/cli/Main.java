package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line's front door: {@code tools/pagewalk} calls it. */
@Command(
        name = "pagewalk",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "A deterministic machine emulator whose subject is virtual memory.",
        subcommands = {
            BootCommand.class,
            TestCommand.class,
            MergeCommand.class,
            AsmCommand.class,
            DisasmCommand.class,
            ImagesCommand.class,
            ProfilesCommand.class,
            BenchCommand.class,
            HelpCommand.class
        },
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
        // Arguments are the guest's: one that begins with @ names no file of options.
        commandLine.setExpandAtFiles(false);
        commandLine.setParameterExceptionHandler(Main::wrongUsage);
        commandLine.setExecutionExceptionHandler((e, command, parsed) -> failed(e, arguments));
        try {
            return commandLine.execute(arguments);
        } catch (OutOfMemoryError e) {
            Messages.print("the host has not enough memory for this guest; give the JVM more, or the guest less --ram");
            return ExitStatus.USAGE;
        } catch (StackOverflowError | AssertionError e) {
            return internalError(e, arguments);
        }
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName(" ");
        Messages.print(problem(e) + "; see '" + command + " --help'");
        return ExitStatus.USAGE;
    }

    private static String problem(ParameterException e) {
        String message = e.getMessage().replaceFirst("\\.$", "");
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return message;
        }
        if (unmatched.isUnknownOption()) {
            boolean takesGuestArguments = e.getCommandLine().getCommand() instanceof BootCommand;
            return takesGuestArguments ? message + "; the guest's own options stand after '--'" : message;
        }
        if (e.getCommandLine().getParent() != null) {
            return message;
        }
        String command = unmatched.getUnmatched().get(0);
        return "no command '" + command + "'"
                + Spelling.closest(command, e.getCommandLine().getSubcommands().keySet())
                        .map(similar -> "; did you mean '" + similar + "'?")
                        .orElse("");
    }

    private static int failed(Exception e, String[] arguments) {
        if (e instanceof UserErrorException userError) {
            userError.getMessage().lines().forEach(Messages::print);
            return userError.status();
        }
        return internalError(e, arguments);
    }

    private static int internalError(Throwable e, String[] arguments) {
        if (Arrays.asList(arguments).contains("--debug")) {
            e.printStackTrace();
        }
        Messages.print("internal error: " + e + "; --debug shows where");
        return ExitStatus.USAGE;
    }
}
