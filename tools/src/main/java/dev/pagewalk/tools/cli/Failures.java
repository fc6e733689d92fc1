package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says in a line why a command cannot be executed. A class and no lambdas: the archive of classes cannot hold those of interfaces as
 * old as picocli's.
 */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final String[] arguments;

    /** @param arguments of the command line */
    Failures(String[] arguments) {
        this.arguments = arguments;
    }

    @Override
    public int handleParseException(ParameterException e, String[] parsed) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName(" ");
        Messages.print(problem(e) + "; see '" + command + " --help'");
        return ExitStatus.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof UserErrorException userError) {
            userError.getMessage().lines().forEach(Messages::print);
            return userError.status();
        }
        return internalError(e);
    }

    /** Something inside has gone wrong. */
    int internalError(Throwable e) {
        if (Arrays.asList(arguments).contains("--debug")) {
            e.printStackTrace();
        }
        Messages.print("internal error: " + e + "; --debug shows where");
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
}
