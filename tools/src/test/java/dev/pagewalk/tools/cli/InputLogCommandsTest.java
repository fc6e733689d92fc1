package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --record} has written, {@code --replay} gives the same guest again, wherever the input came from; nobody else. */
class InputLogCommandsTest {
    private static final Pattern LISTENING = Pattern.compile("console: listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final int CLIENT_TIMEOUT_MILLIS = 60_000;

    /** Writes two lines of its console's input back, and ends. */
    private static final String TWO_LINES = """
                    .globl _start
            _start: li s0, 2
            1:      li a0, 0
                    la a1, buffer
                    li a2, 64
                    li a7, 63
                    ecall
                    mv a2, a0
                    li a0, 1
                    la a1, buffer
                    li a7, 64
                    ecall
                    addi s0, s0, -1
                    bnez s0, 1b
                    li a0, 5
                    li a7, 93
                    ecall
                    .bss
            buffer: .zero 64
            """;

    @TempDir
    Path folder;

    private Path log;
    private Path recorded;
    private Path replayed;
    private String twoLines;

    @BeforeEach
    void nameFiles() throws IOException {
        log = folder.resolve("input.log");
        recorded = folder.resolve("recorded.json");
        replayed = folder.resolve("replayed.json");
        twoLines = Files.writeString(folder.resolve("two-lines.s"), TWO_LINES).toString();
    }

    @Test
    void inputFromAPipeComesAgain() {
        byte[] typed = "one\ntwo\nthe rest".getBytes(StandardCharsets.UTF_8);
        CommandResult first = PagewalkProcess.run(typed, recording("echo"));
        CommandResult again = PagewalkProcess.run("other input\n".getBytes(StandardCharsets.UTF_8), replaying("echo"));

        assertThat(first.output()).isEqualTo("one\ntwo\nthe rest");
        assertSameRun(first, again);
    }

    @Test
    void aLogIsNotOfAnEngine() {
        byte[] typed = "one\ntwo\n".getBytes(StandardCharsets.UTF_8);
        CommandResult first = PagewalkProcess.run(typed, recording("echo", "--engine=interpreter"));
        CommandResult again = PagewalkProcess.run(replaying("echo", "--engine=translator"));

        assertThat(first.output()).isEqualTo("one\ntwo\n");
        assertSameRun(first, again);
    }

    @Test
    void theLogOfAnInterruptedRunHasWhatItsGuestHadRead() {
        try (PagewalkProcess process = PagewalkProcess.start(recording("echo"))) {
            process.write("one\n".getBytes(StandardCharsets.UTF_8));
            process.awaitOutput("one\n");
            process.signal("TERM");
            process.result();
        }
        CommandResult again = PagewalkProcess.run(replaying("echo"));

        assertThat(again.status()).as(again.error()).isZero();
        assertThat(again.output()).isEqualTo("one\n");
    }

    @Test
    void inputFromASocketComesAgainWhereItCame() throws IOException {
        CommandResult first = typedIntoASocket("first\nsec", "ond\n");
        CommandResult again = PagewalkProcess.run(replaying(twoLines));

        assertThat(first.status()).isEqualTo(5);
        assertThat(again.status()).as(again.error()).isEqualTo(5);
        assertThat(again.output()).isEqualTo("first\nsecond\n");
        assertThat(replayed).hasSameBinaryContentAs(recorded);
    }

    @Test
    void aReplayWhoseGuestWantsMoreThanTheLogHasSaysSo() throws IOException {
        typedIntoASocket("first\nsec", "ond\n");
        keepLines(2);

        CommandResult again = PagewalkProcess.run(replaying(twoLines));

        assertThat(again.status()).isEqualTo(ExitStatus.DEADLOCK);
        assertThat(again.output()).isEqualTo("first\n");
        assertThat(again.errorLines())
                .containsExactly(
                        "pagewalk: warning: " + log
                                + " has no end: its recording was cut off, and the replay goes on without"
                                + " what is missing",
                        "pagewalk: deadlock: no task can run and nothing can wake one; process 1 waits for console input",
                        "pagewalk: the replay ends here: " + log + " has no input that could wake one");
    }

    @Test
    void aLogIsForTheImageAndTheOptionsThatItWasRecordedWith() {
        PagewalkProcess.run(recording("echo"));

        assertRefused(" was recorded with another image; the bytes of this one differ", replaying("hello"));
        assertRefused(
                " was recorded with harts 4, this run has 2; a replay needs the same", replaying("echo", "--harts=2"));
        assertRefused(
                " was recorded with fork \"cow\", this run has \"eager\"; a replay needs the same",
                replaying("echo", "--fork=eager"));
        assertRefused(
                " was recorded with arguments [], this run has [\"more\"]; a replay needs the same",
                replaying("echo", "more"));
    }

    @Test
    void aDamagedLogIsRefusedWithItsLine() throws IOException {
        PagewalkProcess.run(new byte[] {'x', '\n'}, recording("echo"));
        String whole = Files.readString(log);

        Files.writeString(log, "");
        assertRefused(", line 1: the file is empty", replaying("echo"));
        Files.writeString(log, whole.substring(0, whole.length() - 5));
        assertRefused(", line 3: the line is cut off: the log is not complete", replaying("echo"));
        Files.writeString(log, "{}\n");
        assertRefused(", line 1: this is no input log of pagewalk's", replaying("echo"));
        Files.writeString(log, "# notes\n");
        assertRefused(", line 1: not JSON", replaying("echo"));
        Files.writeString(log, whole + "{\"input\":\"end\"}\n");
        assertRefused(", line 4: the log has ended above", replaying("echo"));
        Files.writeString(log, whole.replace("\"end\"", "\"smell\",\"turn\":1,\"retired\":1"));
        assertRefused(", line 3: 'smell' is no kind of input", replaying("echo"));
    }

    private void assertRefused(String reason, String... command) {
        CommandResult result = PagewalkProcess.run(command);

        assertThat(result.status()).as(result.error()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.output()).isEmpty();
        assertThat(result.errorLines()).singleElement().asString().startsWith("pagewalk: " + log + reason);
    }

    private void assertSameRun(CommandResult first, CommandResult again) {
        assertThat(first.status()).as(first.error()).isZero();
        assertThat(again.status()).as(again.error()).isZero();
        assertThat(again.output()).isEqualTo(first.output());
        assertThat(replayed).hasSameBinaryContentAs(recorded);
    }

    /** The second piece is typed when the guest has answered what came before it. */
    private CommandResult typedIntoASocket(String first, String second) throws IOException {
        List<String> command = new ArrayList<>(List.of(recording(twoLines)));
        command.addAll(List.of("--console", "tcp:0"));
        try (PagewalkProcess process = PagewalkProcess.start(command.toArray(String[]::new))) {
            int port = Integer.parseInt(process.awaitErrorLine(LISTENING).group(1));
            try (Socket client = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                client.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
                client.getOutputStream().write(first.getBytes(StandardCharsets.UTF_8));
                byte[] answer = client.getInputStream().readNBytes("first\n".length());
                assertThat(answer).asString(StandardCharsets.UTF_8).isEqualTo("first\n");
                client.getOutputStream().write(second.getBytes(StandardCharsets.UTF_8));
                byte[] rest = client.getInputStream().readAllBytes();
                assertThat(rest).asString(StandardCharsets.UTF_8).isEqualTo("second\n");
            }
            CommandResult result = process.result();
            assertThat(result.output()).as("it went to the socket").isEmpty();
            return result;
        }
    }

    private void keepLines(int lines) throws IOException {
        List<String> all = Files.readAllLines(log);
        assertThat(all).hasSizeGreaterThan(lines);
        Files.write(log, all.subList(0, lines));
    }

    private String[] recording(String... guest) {
        return boot("--record", recorded, guest);
    }

    private String[] replaying(String... guest) {
        return boot("--replay", replayed, guest);
    }

    private String[] boot(String option, Path statistics, String... guest) {
        return Stream.concat(
                        Stream.of(
                                "boot",
                                option,
                                log.toString(),
                                "--no-host-stats",
                                "--stats-file",
                                statistics.toString()),
                        Stream.of(guest))
                .toArray(String[]::new);
    }
}
