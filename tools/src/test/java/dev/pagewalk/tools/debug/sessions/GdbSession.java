package dev.pagewalk.tools.debug.sessions;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session with the real GDB, command by command, as a user types it. */
final class GdbSession implements AutoCloseable {
    private static final String MARK = "@@ done %d @@";

    private final DebuggerProcess gdb;
    private int commands;

    private GdbSession(DebuggerProcess gdb) {
        this.gdb = gdb;
    }

    /** GDB with a guest's ELF file loaded, in the folder of the sources; not connected yet. */
    static GdbSession of(String guest) {
        return start(List.of(guest + ".elf"));
    }

    /** GDB that knows nothing of what it will debug. */
    static GdbSession withoutFile() {
        return start(List.of());
    }

    /** GDB with a guest's ELF file loaded, connected to that guest. */
    static GdbSession connected(String guest, DebuggedGuest to) {
        GdbSession session = of(guest);
        try {
            session.connect(to);
            return session;
        } catch (AssertionError e) {
            session.close();
            throw e;
        }
    }

    private static GdbSession start(List<String> files) {
        DebuggerTool.require(DebuggerTool.GDB);
        List<String> command = new ArrayList<>(List.of(DebuggerTool.GDB, "-nx", "-q"));
        for (String setting : List.of(
                "set pagination off",
                "set confirm off",
                "set width 0",
                "set height 0",
                "set style enabled off",
                "set debuginfod enabled off",
                "set print entry-values no",
                "set prompt")) {
            command.add("-iex");
            command.add(setting);
        }
        command.addAll(files);
        return new GdbSession(new DebuggerProcess(DebuggedGuest.CATALOG, command));
    }

    /** {@code target remote}; gives what GDB says. */
    String connect(DebuggedGuest to) {
        return connect("remote", to);
    }

    /**
     * Connects.
     *
     * @param kind {@code remote} or {@code extended-remote}
     */
    String connect(String kind, DebuggedGuest to) {
        String said = run("target " + kind + " 127.0.0.1:" + to.port());
        if (said.contains("Connection timed out") || said.contains("Connection refused")) {
            throw new AssertionError("no connection: " + said);
        }
        return said;
    }

    /** Runs commands and gives what GDB says until the last one is done: for {@code continue}, until the guest stops. */
    String run(String... lines) {
        int from = gdb.position();
        for (String line : lines) {
            begin(line);
        }
        return gdb.await(mark(commands) + "\n", from);
    }

    /** Runs a command that resumes the guest, and does not wait until it stops; {@link #awaitStop} does. */
    int begin(String line) {
        commands++;
        int from = gdb.position();
        gdb.type(line);
        gdb.type("echo " + mark(commands) + "\\n");
        return from;
    }

    /** Waits for the stop of what {@link #begin} began at {@code from}. */
    String awaitStop(int from) {
        return gdb.await(mark(commands) + "\n", from);
    }

    /** Waits until GDB has said {@code text} since {@code from}. */
    void awaitText(String text, int from) {
        gdb.await(text, from);
    }

    /** What Ctrl-C does. */
    void interrupt() {
        gdb.interrupt();
    }

    /**
     * Selects a thread by what the server calls it; GDB numbers threads in the order in which it hears of them.
     *
     * @param thread such as {@code 1.2}: process and thread
     */
    void selectThread(String thread) {
        String threads = run("info threads");
        Matcher line = Pattern.compile("(?m)^[* ] +([0-9.]+) +Thread " + Pattern.quote(thread) + " ")
                .matcher(threads);
        if (!line.find()) {
            throw new AssertionError("no thread " + thread + "; GDB said:\n" + gdb.transcript());
        }
        run("thread " + line.group(1));
    }

    /** The value of an expression, as {@code print} shows it behind the equals sign. */
    String print(String expression) {
        String said = run("print " + expression);
        int equals = said.indexOf(" = ");
        if (equals < 0) {
            throw new AssertionError("print " + expression + " gave no value; GDB said:\n" + gdb.transcript());
        }
        return said.substring(equals + " = ".length()).strip();
    }

    /** The value of an expression as a number, unsigned above 2^63. */
    long number(String expression) {
        String value = print("/x " + expression);
        try {
            return Long.parseUnsignedLong(value.substring("0x".length()), 16);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "print/x " + expression + " gave " + value + "; GDB said:\n" + gdb.transcript(), e);
        }
    }

    String transcript() {
        return gdb.transcript();
    }

    private static String mark(int command) {
        return String.format(MARK, command);
    }

    @Override
    public void close() {
        gdb.close();
    }
}
