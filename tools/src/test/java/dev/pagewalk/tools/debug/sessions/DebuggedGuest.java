package dev.pagewalk.tools.debug.sessions;

import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A guest that {@code boot} runs in a process of its own, with its debugger server on some free port. */
final class DebuggedGuest implements AutoCloseable {
    /** Sources and ELF files of the guests in C; a debugger that runs here finds both. */
    static final Path CATALOG = Path.of("../images/src/main/resources/dev/pagewalk/images/catalog");

    private static final Pattern LISTENING = Pattern.compile("debugger: listening on 127\\.0\\.0\\.1:(\\d+)");

    private final PagewalkProcess process;
    private final int port;

    private DebuggedGuest(PagewalkProcess process) {
        this.process = process;
        port = Integer.parseInt(process.awaitErrorLine(LISTENING).group(1));
    }

    /**
     * Starts a guest that waits for the debugger before its first instruction.
     *
     * @param arguments options of {@code boot}, the image, its arguments
     */
    static DebuggedGuest waiting(String... arguments) {
        return start(List.of("--wait-gdb"), arguments);
    }

    /** Starts a guest that runs at once. */
    static DebuggedGuest running(String... arguments) {
        return start(List.of(), arguments);
    }

    private static DebuggedGuest start(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of("boot", "--gdb", "0"));
        command.addAll(options);
        command.addAll(List.of(arguments));
        PagewalkProcess process = PagewalkProcess.start(command.toArray(String[]::new));
        try {
            return new DebuggedGuest(process);
        } catch (AssertionError e) {
            process.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    PagewalkProcess process() {
        return process;
    }

    /** Waits for the machine's end. */
    CommandResult result() {
        process.closeInput();
        return process.result();
    }

    @Override
    public void close() {
        process.close();
    }
}
