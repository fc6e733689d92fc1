package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import dev.pagewalk.tools.testing.PagewalkProcess;
import dev.pagewalk.tools.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupted run ends at once, with status 130, its statistics, its picture and its timeline. */
class InterruptionTest {
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

    @BeforeEach
    void checkThatSignalsArrive() throws IOException {
        Signals.assumeInterruptsArrive();
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

    /** What a suite has found until then is shown and kept; what has not ended makes it fail, here and when it is merged. */
    @Test
    void anInterruptedSuiteKeepsWhatHasEndedAndFails() throws IOException {
        Path suite = Files.createDirectory(folder.resolve("suite"));
        String hello = ImageCatalog.source("hello").orElseThrow();
        for (String name : List.of("a", "c", "d")) {
            Files.writeString(suite.resolve(name + ".s"), hello);
            Files.writeString(suite.resolve(name + ".yaml"), "expect: {exit: 0}\n");
        }
        Files.writeString(suite.resolve("b.s"), ".globl _start\n_start: j _start\n");
        Files.writeString(suite.resolve("b.yaml"), "machine: {max-cycles: 100000000000000}\n");
        Path reports = folder.resolve("reports");
        try (PagewalkProcess process = PagewalkProcess.start(
                "test", suite.toString(), "--jobs", "1", "--shard", "1/1", "--reports", reports.toString())) {
            process.awaitOutput(suite + "\n  ok    a");
            process.signal("INT");

            CommandResult result = process.result();

            assertThat(result.status()).isEqualTo(ExitStatus.INTERRUPTED);
            assertThat(result.errorLines()).singleElement().asString().contains("interrupted");
            assertThat(result.output())
                    .contains("Failed:\n  suite/b\n  suite/c\n  suite/d\n")
                    .endsWith("1 passed, 3 failed\n");
        }
        CommandResult merged = InProcess.pagewalk("merge", reports.toString());
        assertThat(merged.status()).isEqualTo(1);
        assertThat(merged.output()).endsWith("1 passed, 3 failed\n");
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
