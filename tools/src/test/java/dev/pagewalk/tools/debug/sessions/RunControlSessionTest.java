package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.testing.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coming, interrupting, going, killing and starting again. */
class RunControlSessionTest {
    /** Waits for a word that nobody changes. */
    private static final String STUCK = """
            _start: la a0, word
                    li a1, 0
                    li a2, 0
                    li a3, 0
                    li a7, 98
                    ecall
                    .data
            word:   .word 0
            """;

    /** So many steps that the guest is still at it when the debugger comes. */
    private static final String ENDLESS = "1000000000000";

    @Test
    void aRunningGuestIsAttachedToInterruptedAndLeftRunning() {
        try (DebuggedGuest guest = DebuggedGuest.running("debug-tour", ENDLESS);
                GdbSession gdb = GdbSession.of("debug-tour")) {
            guest.process().awaitOutput("nodes: 3\nfactorial: 720\nsum: 28\n");
            gdb.connect(guest);
            assertThat(gdb.run("backtrace")).contains("in main (");
            long first = gdb.number("counter");
            int from = gdb.begin("continue");
            gdb.awaitText("Continuing.", from);
            gdb.interrupt();
            assertThat(gdb.awaitStop(from)).contains("received signal SIGINT");
            assertThat(gdb.number("counter")).isGreaterThanOrEqualTo(first);
            assertThat(gdb.run("detach")).contains("[Inferior 1 (process 1) detached]");

            gdb.connect(guest);
            assertThat(gdb.run("tbreak count_up", "continue")).contains("Temporary breakpoint 1, count_up (step=");
            // Back to what follows the loop, which would take days.
            assertThat(gdb.run("frame function count", "set var last = 0", "tbreak move_shape", "continue"))
                    .contains("Temporary breakpoint 2, move_shape (");
            assertThat(gdb.run("continue")).contains("exited normally");

            CommandResult result = guest.result();
            assertThat(result.status()).isZero();
            assertThat(result.output()).endsWith("\ncorner: 36\n");
        }
    }

    @Test
    void aGuestThatWaitsForInputCanBeInterruptedAndGoesOn() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("echo");
                GdbSession gdb = GdbSession.withoutFile()) {
            gdb.connect(guest);
            int from = gdb.begin("continue");
            guest.process().write("first\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            guest.process().awaitOutput("first\n");
            gdb.interrupt();
            assertThat(gdb.awaitStop(from)).contains("received signal SIGINT");
            assertThat(gdb.run("x/i $pc")).contains("=> 0x");
            from = gdb.begin("continue");
            guest.process().write("second\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            guest.process().awaitOutput("second\n");
            guest.process().closeInput();
            assertThat(gdb.awaitStop(from)).contains("exited normally");

            assertThat(guest.result().status()).isZero();
        }
    }

    @Test
    void whoOnlyConnectsDoesNotLetAGuestGoThatWaitsForADebugger() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour")) {
            try (PacketClient client = new PacketClient(guest.port())) {
                assertThat(client.exchange("?")).startsWith("T");
            }
            try (GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
                assertThat(gdb.run("backtrace")).contains("_start ()");
                assertThat(gdb.run("continue")).contains("exited normally");
            }
        }
    }

    @Test
    void aGuestInWhichNothingCanRunSaysWhyAndIsInterrupted(@TempDir Path folder) throws IOException {
        Path image = Files.writeString(folder.resolve("stuck.s"), STUCK);
        try (DebuggedGuest guest = DebuggedGuest.waiting(image.toString());
                GdbSession gdb = GdbSession.withoutFile()) {
            gdb.connect(guest);
            int from = gdb.begin("continue");
            gdb.awaitText("no thread can run: process 1 waits for futex", from);
            gdb.interrupt();
            assertThat(gdb.awaitStop(from)).contains("received signal SIGINT");
        }
    }

    @Test
    void aDebuggerThatGoesTakesItsBreakpointsAlong() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour")) {
            try (GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
                gdb.run("break count_up", "watch counter", "continue");
                gdb.run("disconnect");
            }
            CommandResult result = guest.result();
            assertThat(result.status()).isZero();
            assertThat(result.output()).endsWith("counter: 55\ncorner: 36\n");
        }
    }

    @Test
    void manyDebuggersComeOneAfterTheOther() {
        try (DebuggedGuest guest = DebuggedGuest.running("debug-tour", ENDLESS)) {
            long before = -1;
            for (int turn = 0; turn < 4; turn++) {
                try (GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
                    long counter = gdb.number("counter");
                    assertThat(counter).isGreaterThanOrEqualTo(before);
                    before = counter;
                    gdb.run(turn % 2 == 0 ? "detach" : "disconnect");
                }
            }
        }
    }

    @Test
    void aKilledGuestEndsByThatSignal() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("break count", "continue");
            assertThat(gdb.run("kill")).contains("[Inferior 1 (process 1) killed]");

            CommandResult result = guest.result();
            assertThat(result.status()).isEqualTo(128 + 9);
            assertThat(result.output()).endsWith("sum: 28\n");
        }
    }

    @Test
    void anExtendedSessionRunsTheGuestAgain() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.of("debug-tour")) {
            gdb.connect("extended-remote", guest);
            assertThat(gdb.run("continue")).contains("exited normally");
            assertThat(gdb.run("break count", "run")).contains("Breakpoint 1, count (last=10)");
            assertThat(gdb.number("counter")).isZero();
            assertThat(gdb.run("kill")).contains("killed]");
            assertThat(gdb.run("run")).contains("Breakpoint 1, count (last=10)");
            assertThat(gdb.run("backtrace")).contains("in main (");
            assertThat(gdb.run("delete", "continue")).contains("exited normally");
        }
    }

    @Test
    void anExtendedSessionAttachesToAProcessThatWasDetached() {
        try (DebuggedGuest guest = DebuggedGuest.running("debug-tour", ENDLESS);
                GdbSession gdb = GdbSession.of("debug-tour")) {
            gdb.connect("extended-remote", guest);
            assertThat(gdb.run("detach")).contains("detached]");
            assertThat(gdb.run("attach 1")).doesNotContain("failed");
            assertThat(gdb.run("backtrace")).contains("in main (");
        }
    }

    @Test
    void theExitStatusIsTold() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("threads-counter", "wrong");
                GdbSession gdb = GdbSession.withoutFile()) {
            gdb.connect(guest);
            assertThat(gdb.run("continue")).contains("exited with code 02]");
            assertThat(gdb.number("$_exitcode")).isEqualTo(2);

            assertThat(guest.result().status()).isEqualTo(2);
        }
    }
}
