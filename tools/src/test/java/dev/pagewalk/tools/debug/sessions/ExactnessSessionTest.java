package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever looks on changes nothing: statistics and output are those of a run without a debugger, byte for byte. */
class ExactnessSessionTest {
    @TempDir
    Path folder;

    private Path alone;
    private Path debugged;

    @BeforeEach
    void nameFiles() {
        alone = folder.resolve("alone.json");
        debugged = folder.resolve("debugged.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug-tour", "debug-threads", "debug-fork", "debug-unmap"})
    void aSessionThatOnlyContinues(String guest) throws IOException {
        assertSame(guest, gdb -> gdb.run("continue"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug-tour", "debug-threads"})
    void aSessionWithBreakpointsThatReadsWhatItSees(String guest) throws IOException {
        assertSame(guest, gdb -> {
            gdb.run("break main", "break print_line", "continue");
            for (int stop = 0; stop < 4; stop++) {
                gdb.run("thread apply all backtrace", "info registers", "x/64xg $sp", "x/20i $pc", "info threads");
                // Read but never touched: looking populates nothing.
                gdb.run("x/1xg $sp - 16384", "x/1xg 0x10000");
                gdb.run("eval \"monitor walk %p\", $sp", "monitor tlb", "monitor frames", "monitor stats");
                gdb.run("continue");
            }
            gdb.run("delete", "continue");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug-tour", "debug-threads"})
    void aSessionWithWatchpoints(String guest) throws IOException {
        assertSame(guest, gdb -> {
            gdb.run(guest.equals("debug-tour") ? "watch counter" : "watch workers[2].steps");
            gdb.run("continue", "continue", "continue", "delete", "continue");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug-tour", "debug-threads", "debug-fork", "picolibc-printf"})
    void aSessionOfAThousandSingleSteps(String guest) throws IOException {
        assertSame(guest, gdb -> {
            gdb.run("stepi 1000", "continue");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug-tour", "debug-fork"})
    void aSessionThatWentBackAndForth(String guest) throws IOException {
        assertSame(guest, gdb -> {
            gdb.run("break print_line", "continue", "continue", "reverse-stepi", "reverse-continue");
            gdb.run("delete", "continue");
        });
    }

    @Test
    void aSessionOfATranslatedGuest() throws IOException {
        assertSame(
                "picolibc-qsort",
                gdb -> {
                    gdb.run("tbreak by_levels_and_name", "continue", "monitor regions");
                    gdb.run("break by_value", "stepi 300", "reverse-continue", "reverse-stepi", "monitor regions");
                    gdb.run("continue", "continue", "watch comparisons", "continue", "continue", "delete", "continue");
                },
                "--engine=translator");
    }

    private void assertSame(String guest, Consumer<GdbSession> session, String... options) throws IOException {
        DebuggerTool.require(DebuggerTool.GDB);
        List<String> interpreted = boot(alone, guest);
        interpreted.add("--engine=interpreter");
        CommandResult undisturbed = PagewalkProcess.run(interpreted.toArray(String[]::new));
        List<String> arguments = boot(debugged, guest);
        arguments.addAll(List.of(options));
        CommandResult watched;
        String transcript;
        try (DebuggedGuest machine = DebuggedGuest.waiting(
                        arguments.subList(1, arguments.size()).toArray(String[]::new));
                GdbSession gdb = GdbSession.connected(guest, machine)) {
            session.accept(gdb);
            transcript = gdb.transcript();
            watched = machine.result();
        }
        assertThat(transcript).contains("exited normally");
        assertThat(watched.status()).isEqualTo(undisturbed.status());
        assertThat(watched.output()).isEqualTo(undisturbed.output());
        assertThat(debugged).as(transcript).hasSameTextualContentAs(alone);
        assertThat(Files.size(alone)).isPositive();
    }

    private static List<String> boot(Path statistics, String guest) {
        return new ArrayList<>(List.of("boot", "--stats-file", statistics.toString(), "--no-host-stats", guest));
    }
}
