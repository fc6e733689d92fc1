package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupted run ends at once, with status 130, its statistics, its picture and its timeline. */
class InterruptionTest {
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
    private static final int SIGINT_BIT = 1 << 2 - 1;

    private static final String READY = """
                    .globl _start
            _start: li a0, 1
                    la a1, ready
                    li a2, 6
                    li a7, 64
                    ecall
            """;

    private static final String READY_TEXT = """
                    .data
            ready:  .ascii "ready\\n"
            buffer: .zero 64
            """;

    @TempDir
    Path folder;

    /** Who is started in the background by a shell without job control inherits that SIGINT is ignored. */
    @BeforeEach
    void checkThatSignalsArrive() throws IOException {
        if (Files.exists(PROCESS_STATUS)) {
            String ignored = Files.readAllLines(PROCESS_STATUS).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .findFirst()
                    .orElse("0");
            assumeFalse((Long.parseUnsignedLong(ignored, 16) & SIGINT_BIT) != 0, "SIGINT is ignored here");
        }
    }

    @Test
    void aComputingGuestIsInterrupted() throws IOException {
        CommandResult result = interrupted("1:      j 1b\n");

        assertThat(result.errorLines()).singleElement().asString().contains("interrupted after ");
    }

    @Test
    void aGuestThatWaitsForInputIsInterrupted() throws IOException {
        CommandResult result = interrupted("""
                        li a0, 0
                        la a1, buffer
                        li a2, 64
                        li a7, 63
                        ecall
                """);

        assertThat(result.errorLines()).singleElement().asString().contains("interrupted while waiting for input");
    }

    private CommandResult interrupted(String program) throws IOException {
        Path source = Files.writeString(folder.resolve("guest.s"), READY + program + READY_TEXT);
        Path stats = folder.resolve("stats.json");
        Path picture = folder.resolve("picture.png");
        Path trace = folder.resolve("trace.json");
        try (PagewalkProcess process = PagewalkProcess.start(
                "boot",
                source.toString(),
                "--stats-file",
                stats.toString(),
                "--framebuffer",
                picture.toString(),
                "--trace",
                trace.toString())) {
            process.awaitOutput("ready\n");
            process.signal("INT");

            CommandResult result = process.result();

            assertThat(result.status()).isEqualTo(ExitStatus.INTERRUPTED);
            assertThat(result.output()).isEmpty();
            JsonNode root = new ObjectMapper().readTree(stats.toFile());
            assertThat(root.get("exit").intValue()).isEqualTo(ExitStatus.INTERRUPTED);
            assertThat(root.get("cycles").longValue()).isPositive();
            assertThat(root.at("/processes/0/exit").isNull()).isTrue();
            assertThat(new ObjectMapper().readTree(trace.toFile()).findValuesAsText("name"))
                    .contains("system call", "idle");
            assertThat(ImageIO.read(picture.toFile()).getHeight()).isEqualTo(480);
            return result;
        }
    }
}
