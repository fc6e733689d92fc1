package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code boot} as a shell sees it: standard streams, exit status, files. */
class BootTest {
    private static final long SEED = 8192;

    @TempDir
    Path folder;

    @Test
    void theConsoleIsAllThatGetsOnTheStandardStreams() {
        CommandResult result = PagewalkProcess.run("boot", "hello");

        assertThat(result).isEqualTo(new CommandResult(0, "hello, world\n", ""));
    }

    @Test
    void theSanitizerWatchesWhereItIsAskedFor() throws IOException {
        Path stats = folder.resolve("stats.json");

        CommandResult result =
                PagewalkProcess.run("boot", "--sanitize", "hello", "--stats", "--stats-file", stats.toString());

        assertThat(result.status()).isZero();
        assertThat(result.errorLines())
                .contains("sanitizer      0 violations, 0 uses of stale translations within shootdowns");
        assertThat(new ObjectMapper()
                        .readTree(stats.toFile())
                        .at("/sanitizer/enabled")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void theExitStatusIsTheGuests() throws IOException {
        Path file = Files.writeString(
                folder.resolve("exit.s"),
                "        .globl _start\n_start: li a0, 0x142\n        li a7, 93\n        ecall\n");

        CommandResult result = PagewalkProcess.run("boot", file.toString());

        assertThat(result).isEqualTo(new CommandResult(0x42, "", ""));
    }

    @Test
    void aGuestKilledByASignalGives128AndTheSignal() {
        CommandResult result = PagewalkProcess.run("boot", "wild-pointer");

        assertThat(result.status()).isEqualTo(128 + 11);
        assertThat(result.output()).endsWith("[KERN] invalid uva at 0x00000deadbeef000\n");
        assertThat(result.error()).isEmpty();
    }

    /** The file's bytes are loaded at boot, the rest on demand: this guest learns of it while it runs. */
    @Test
    void aGuestThatOutgrowsRamIsKilled() {
        CommandResult result = PagewalkProcess.run("boot", "sieve", "--ram", "64K");

        assertThat(result.status()).isEqualTo(128 + 9);
        assertThat(result.output()).startsWith("[KERN] OOM at 0x");
        assertThat(result.error()).isEmpty();
    }

    @Test
    void argumentsAndEnvironmentReachTheGuest() throws IOException {
        // A file whose lines a command line could take for its own arguments.
        Path file = Files.writeString(folder.resolve("arguments"), "--nosuch\n");
        CommandResult result = PagewalkProcess.run(
                "boot",
                "args",
                "--env",
                "A=1",
                "--env",
                "B=x=y",
                "--env",
                "EMPTY=",
                "--env",
                "A=last",
                "@" + file,
                "two words",
                "--",
                "--stats",
                "-x",
                "");

        assertThat(result.status()).isZero();
        assertThat(result.output().replace(file.toString(), "FILE")).isEqualTo("""
                        argc=6
                        argv 0=args
                        argv 1=@FILE
                        argv 2=two words
                        argv 3=--stats
                        argv 4=-x
                        argv 5=
                        env A=last
                        env B=x=y
                        env EMPTY=
                        """);
        assertThat(result.error()).isEmpty();
    }

    @Test
    void filesOfTheHostAreFoundUnderTheNamesThatTheyAreGiven() throws IOException {
        Path guest = Files.writeString(folder.resolve("cat.s"), TestCommandTest.CAT);
        Path poem = Files.writeString(folder.resolve("poem"), "violets are blue\n");

        CommandResult result = PagewalkProcess.run(
                "boot", guest.toString(), "--file", "/data/poem=" + poem, "--file", "/data/other=" + guest);

        assertThat(result).isEqualTo(new CommandResult(0, "violets are blue\n", ""));
    }

    @Test
    void maxCyclesStopsAGuestWithAReason() throws IOException {
        Path stats = folder.resolve("stats.json");

        CommandResult result = PagewalkProcess.run(
                "boot", "sieve", "1000000", "--max-cycles", "3000000", "--stats-file", stats.toString());

        assertThat(result.status()).isEqualTo(ExitStatus.CYCLE_LIMIT);
        assertThat(result.output()).isEmpty();
        assertThat(result.errorLines()).singleElement().asString().contains("at the limit of 3000000 cycles");
        JsonNode root = new ObjectMapper().readTree(stats.toFile());
        assertThat(root.get("exit").intValue()).isEqualTo(ExitStatus.CYCLE_LIMIT);
        assertThat(root.get("cycles").longValue()).isBetween(3_000_000L, 3_010_000L);
        assertThat(root.at("/processes/0/exit").isNull()).isTrue();
        assertThat(root.at("/host/engine").asText()).isEqualTo("auto");
    }

    @Test
    void statisticsAndSystemCallsGoToStandardError() {
        CommandResult result = PagewalkProcess.run("boot", "hello", "--strace", "--stats");

        assertThat(result.output()).isEqualTo("hello, world\n");
        assertThat(result.error())
                .contains("write(1, ")
                .contains(" = 13")
                .contains("exit(0)")
                .containsPattern("(?m)^itlb +10 accesses, 2 misses")
                .containsPattern("(?m)^host ");
    }

    @Test
    void theEnginesLogGoesWhereItIsAskedForAndChangesNothing() throws IOException {
        Path file = folder.resolve("engine.log");

        CommandResult onScreen = PagewalkProcess.run("boot", "hello", "--engine=interpreter", "--engine-log=-");
        CommandResult inFile = PagewalkProcess.run("boot", "hello", "--engine-log", file.toString());

        assertThat(onScreen.output()).isEqualTo("hello, world\n");
        assertThat(onScreen.error()).startsWith("the engine is the interpreter, which translates nothing");
        assertThat(inFile).isEqualTo(new CommandResult(0, "hello, world\n", ""));
        assertThat(file).content().isEqualTo("nothing has been translated\n");
    }

    @Test
    void mapsAtExitShowsEachProcessAndChangesNothing() throws IOException {
        Path plain = folder.resolve("plain.json");
        Path shown = folder.resolve("shown.json");
        CommandResult without =
                PagewalkProcess.run("boot", "fork-cow", "--no-host-stats", "--stats-file", plain.toString());

        CommandResult with = PagewalkProcess.run(
                "boot", "fork-cow", "--maps-at-exit", "--no-host-stats", "--stats-file", shown.toString());

        assertThat(with.status()).isEqualTo(without.status()).isZero();
        assertThat(with.output()).isEqualTo(without.output());
        assertThat(shown).hasSameBinaryContentAs(plain);
        assertThat(without.error()).isEmpty();
        assertThat(with.errorLines())
                .filteredOn(line -> line.startsWith("process "))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("process 2, /bin/fork-cow, exited with 7: "),
                        line -> assertThat(line).startsWith("process 1, /bin/fork-cow, exited with 0: "));
        // Three of eight pages are the child's own.
        assertThat(with.error())
                .containsOnlyOnce(" rw-p         32         32         20     0  anonymous\n")
                .containsOnlyOnce(" rw-p         32         32          0     0  anonymous\n");
    }

    @Test
    void anEagerForkLeavesNothingToBeCopiedLater() throws IOException {
        assertThat(copies("cow")).isPositive();
        assertThat(copies("eager")).isZero();
    }

    private long copies(String strategy) throws IOException {
        Path stats = folder.resolve(strategy + ".json");
        CommandResult result =
                PagewalkProcess.run("boot", "fork-cow", "--fork", strategy, "--stats-file", stats.toString());
        assertThat(result.status()).as(result.error()).isZero();
        JsonNode faults = new ObjectMapper().readTree(stats.toFile()).get("faults");
        return faults.get("cow").longValue() + faults.get("cow_reuse").longValue();
    }

    /** Whatever the guest does with a file, here it executes it. */
    @Test
    void aFileOfTheHostIsInTheGuestsFileSystem() throws IOException {
        Path program = folder.resolve("hello.elf");
        Files.write(program, ImageCatalog.image("hello").orElseThrow().toByteArray());
        Path guest = Files.writeString(folder.resolve("run.s"), """
                        .globl _start
                _start: la a0, path
                        li a1, 0
                        li a2, 0
                        li a7, 221
                        ecall
                        neg a0, a0
                        li a7, 93
                        ecall
                        .data
                path:   .asciz "/data/sub/program"
                """);

        CommandResult with = PagewalkProcess.run(
                "boot", guest.toString(), "--maps-at-exit", "--file", "/data/sub/program=" + program);
        CommandResult without = PagewalkProcess.run("boot", guest.toString());

        assertThat(with.status()).as(with.error()).isZero();
        assertThat(with.output()).isEqualTo("hello, world\n");
        assertThat(with.error())
                .startsWith("process 1, /data/sub/program, exited with 0: ")
                .contains("code /data/sub/program+0x1000\n");
        assertThat(without.status()).as("ENOENT").isEqualTo(2);
    }

    @Test
    void statisticsCanGoToAStandardStream() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/stdout")), "a host whose streams have names");

        CommandResult result = PagewalkProcess.run("boot", "brk", "--stats-file", "/dev/stdout");

        assertThat(result.status()).as(result.error()).isZero();
        int start = result.output().indexOf("{\n");
        assertThat(new ObjectMapper()
                        .readTree(result.output().substring(start))
                        .get("image")
                        .asText())
                .isEqualTo("brk");
    }

    @Test
    void filesWithoutHostStatisticsCanBeCompared() throws IOException {
        Path first = folder.resolve("first.json");
        Path second = folder.resolve("second.json");
        PagewalkProcess.run("boot", "stack-growth", "--no-host-stats", "--stats-file", first.toString());
        PagewalkProcess.run("boot", "stack-growth", "--no-host-stats", "--stats-file", second.toString());

        assertThat(second).hasSameBinaryContentAs(first);
        JsonNode root = new ObjectMapper().readTree(first.toFile());
        assertThat(root.has("host")).isFalse();
        assertThat(root.get("image").asText()).isEqualTo("stack-growth");
    }

    /** A pipe delivers what the writer happened to write; the guest must not see in which pieces. */
    @Test
    void inputFromAFileAndFromASlowPipeGiveTheSameRun() throws IOException {
        byte[] input = lines();
        Path file = Files.write(folder.resolve("input.txt"), input);
        Path fromFile = folder.resolve("file.json");
        Path fromPipe = folder.resolve("pipe.json");
        CommandResult ofFile = PagewalkProcess.runWithFile(file, echo(fromFile));
        CommandResult ofPipe;
        try (PagewalkProcess slow = PagewalkProcess.start(echo(fromPipe))) {
            Random random = new Random(SEED);
            int written = 0;
            while (written < input.length) {
                int end = Math.min(input.length, written + 1 + random.nextInt(3_000));
                slow.write(Arrays.copyOfRange(input, written, end));
                written = end;
                pause();
            }
            slow.closeInput();
            ofPipe = slow.result();
        }

        assertThat(ofFile.output()).isEqualTo(new String(input, StandardCharsets.UTF_8));
        assertThat(ofPipe).isEqualTo(ofFile);
        assertThat(fromPipe).hasSameBinaryContentAs(fromFile);
    }

    private static String[] echo(Path stats) {
        return new String[] {"boot", "echo", "--no-host-stats", "--stats-file", stats.toString()};
    }

    private static byte[] lines() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(SEED);
        while (text.length() < 15_000) {
            text.append("x".repeat(random.nextInt(200))).append('\n');
        }
        return text.append("no newline at the end").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aReaderThatHasGoneEndsTheRun() throws IOException {
        Path file = Files.writeString(folder.resolve("endless.s"), """
                        .globl _start
                _start: li a0, 1
                        la a1, text
                        li a2, 2
                        li a7, 64
                        ecall
                        j _start
                        .data
                text:   .ascii "y\\n"
                """);
        try (PagewalkProcess process = PagewalkProcess.start("boot", file.toString())) {
            process.awaitOutput("y\ny\n");
            process.closeOutput();

            CommandResult result = process.result();

            assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(result.errorLines()).singleElement().asString().contains("cannot write console output");
        }
    }
}
