package dev.pagewalk.tools.cli;

/** What goes to standard error. Standard output is the guest's console and what a command was asked to print. */
final class Messages {
    private Messages() {}

    /** A line that says who speaks. */
    static void print(String message) {
        System.err.println("pagewalk: " + message);
    }

    /** A line that was asked for: a trace, statistics. */
    static void printBare(String line) {
        System.err.println(line);
    }
}
