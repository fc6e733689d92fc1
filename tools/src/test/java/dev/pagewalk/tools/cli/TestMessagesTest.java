package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code test} says of tests that fail, whoever made up their names and texts. */
class TestMessagesTest {
    @TempDir
    Path folder;

    @Test
    void namesAndConsolesOfOthersDoNothingToATerminal() throws IOException {
        String hostile = "\u001b[2J\r\n  ok    fake";
        Path inner = Files.createDirectory(folder.resolve("in" + hostile));
        String name = "t" + hostile;
        Files.writeString(inner.resolve(name + ".s"), source("echo"));
        Files.writeString(inner.resolve(name + ".yaml"), """
                stdin: "\\e[2J\\x9B1m\\r\\u202E\\n  ok    fake"
                args: ["\\e[2J\\n  ok    fake"]
                files: {"/a\\e[2J": input}
                expect: {exit: 1, console: "1\\n2\\e", counters: {"a\\e\\n  ok    fake": 1}}
                golden: {"b\\e\\n  ok    fake": 1}
                """);
        Files.writeString(inner.resolve("input"), "");
        Files.writeString(inner.resolve("wrong" + hostile + ".s"), "nonsense\nnonsense\n");
        Files.writeString(inner.resolve("wrong" + hostile + ".yaml"), "");
        Files.writeString(inner.resolve("alone" + hostile + ".s"), "");
        Files.writeString(inner.resolve("missing" + hostile + ".s"), source("echo"));
        Files.writeString(inner.resolve("missing" + hostile + ".yaml"), "stdin-file: \"a\\e\\n  ok    fake\"\n");
        Files.writeString(inner.resolve("pattern.s"), source("echo"));
        Files.writeString(
                inner.resolve("pattern.yaml"), "expect: {exit: 1, console-matches: \"a\\e\\n  ok    fake\"}\n");

        CommandResult result = test();

        assertThat(result.output()).endsWith("0 passed, 5 failed\n").isEqualTo(clean(result.output()));
        assertThat(result.output().lines())
                .noneMatch(line -> line.strip().startsWith("ok "))
                .contains(folder + "/in\\x1b[2J\\r\\n  ok    fake")
                .contains("        there is no counter a\\x1b\\n  ok    fake")
                .contains("        expected a match of a\\x1b\\n  ok    fake")
                .contains("        +\\x1b[2J\\u009b1m\\r\\u202e")
                .anyMatch(line -> line.startsWith("  FAIL  t\\x1b[2J\\r\\n  ok    fake"))
                .anyMatch(line -> line.startsWith("        to watch it:       printf %s $'\\x1b[2J")
                        && line.endsWith(" -- $'\\x1b[2J\\n  ok    fake'"))
                .anyMatch(line -> line.contains("/wrong\\x1b[2J\\r\\n  ok    fake.s:2:1: "));
        List<String> lines = result.output().lines().toList();
        assertThat(lines.subList(lines.indexOf("Failed:") + 1, lines.size() - 1))
                .hasSize(5)
                .allMatch(line -> line.startsWith("  ") && line.contains("in\\x1b[2J"));
    }

    @Test
    void aDifferenceBehindManyEqualCharactersIsShown() throws IOException {
        String text = "x".repeat(1000);
        add("long", "stdin: " + text + "b\nexpect: {console: " + text + "a}\n", "echo");

        assertThat(test().output()).contains("xxxa\" (1001 characters)\n").contains("xxxb\" (1001 characters)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "folder", "large"})
    void inputThatIsNoFileOrTooLargeFailsItsTestOnly(String input) throws IOException {
        Files.createDirectory(folder.resolve("folder"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        add("hello", "expect: {exit: 0}\n", "hello");
        add("input", "stdin-file: " + input + "\n", "echo");

        String problem = switch (input) {
            case "folder" -> "is a folder, not a file";
            case "large" -> "is larger than 256 MiB";
            default -> "is no regular file, so it may never end";
        };
        assertThat(test().output())
                .contains("        stdin-file: " + folder.resolve(input) + ": " + problem + "\n")
                .endsWith("1 passed, 1 failed\n");
    }

    @Test
    void pathsInCommandsAreNotTakenForOptions() throws IOException {
        Path here = Path.of("").toAbsolutePath().relativize(folder.toRealPath());
        add("-x", "matrix: {harts: [1, 2]}\nexpect: {exit: 1}\n", "hello");
        assertThat(InProcess.pagewalk("test", here.toString()).output())
                .contains("'--include=-x[harts=1]'\n")
                .contains("pagewalk test " + here.resolve("-x.s") + " ");
        Path beside = Path.of("-beside-" + ProcessHandle.current().pid() + ".s");
        Path expectation = Path.of(beside.toString().replace(".s", ".yaml"));
        try {
            Files.writeString(beside, source("hello"));
            Files.writeString(expectation, "expect: {exit: 1}\n");

            String output = InProcess.pagewalk("test", "--", beside.toString()).output();

            assertThat(output)
                    .contains("to test it again:  pagewalk test ./" + beside + "\n")
                    .contains("=2000000000 ./" + beside + " < /dev/null\n");
            assertThat(InProcess.pagewalk("test", "./" + beside).output()).endsWith("0 passed, 1 failed\n");
        } finally {
            Files.deleteIfExists(beside);
            Files.deleteIfExists(expectation);
        }
    }

    @Test
    void aRegularExpressionThatWouldNotEndLeavesStatisticsEventsAndCommands() throws IOException {
        String input = "a".repeat(60) + "b";
        add("endless", "stdin: " + input + "\nexpect: {exit: 1, console-matches: 'a*a*a*a*a*a*a*a*a*a*$'}\n", "echo");
        Path reports = folder.resolve("reports");

        CommandResult result = test("--reports", reports.toString());

        assertThat(result.output())
                .contains("exit status is 0, not 1")
                .contains("a*a*a*a*a*a*a*a*a*a*$ tries too many ways")
                .contains("last events, by cycle:")
                .contains("to test it again:");
        JsonNode test = new ObjectMapper()
                .readTree(reports.resolve("results.json").toFile())
                .findValue("statistics");
        assertThat(test.get("instructions").longValue()).isPositive();
    }

    @Test
    void aLimitThatNobodyAskedForIsNotSaidToBeAskedFor() throws IOException {
        Files.writeString(folder.resolve("endless.s"), ".globl _start\n_start: j _start\n");
        Files.writeString(folder.resolve("endless.yaml"), "machine: {max-cycles: 100000}\n");

        assertThat(test().output())
                .contains(
                        "exit status is 124 (stopped after 100000 cycles, at the limit of 100000 cycles (max-cycles))")
                .doesNotContain("asks");
    }

    private CommandResult test(String... options) {
        List<String> arguments = new ArrayList<>(List.of("test", folder.toString()));
        arguments.addAll(List.of(options));
        return InProcess.pagewalk(arguments.toArray(String[]::new));
    }

    /** Without what a terminal obeys. */
    private static String clean(String text) {
        return text.replaceAll("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]", "");
    }

    private void add(String name, String expectation, String program) throws IOException {
        Files.writeString(folder.resolve(name + ".s"), source(program));
        Files.writeString(folder.resolve(name + ".yaml"), expectation);
    }

    private static String source(String program) {
        return ImageCatalog.source(program).orElseThrow();
    }
}
