package dev.pagewalk.tools.debug.monitor;

import java.util.List;

/** One command: what it is called, what it says about itself, what it answers. */
interface MonitorCommand {
    /** In lower case. */
    String name();

    /** Its arguments as a usage line shows them, in brackets where they can be left out; empty where there are none. */
    String arguments();

    default int mostArguments() {
        return arguments().isEmpty() ? 0 : arguments().split(" ").length;
    }

    /** What it shows, in a line. */
    String summary();

    /** What else {@code help} says of it, line by line. */
    List<String> details();

    /** The answer's lines. */
    List<String> execute(Request request) throws MonitorException;

    /** The name with the arguments. */
    default String usage() {
        return arguments().isEmpty() ? name() : name() + " " + arguments();
    }

    default MonitorException usageError(String problem) {
        return new MonitorException(name() + ": " + problem + "; usage: " + usage());
    }
}
