package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tests {@code test} runs, on which machines, how many at a time and how often. */
class TestSelectionTest {
    private static final Pattern RESULT = Pattern.compile("(?m)^  (?:ok  |FAIL)  (\\S+)");

    @TempDir
    Path folder;

    @BeforeEach
    void writeGuests() throws IOException {
        add("alone", "tags: [quick]\nexpect: {exit: 0}\n");
        add("fork-one", "tags: [quick, fork]\nmatrix: {harts: [1, 2], fork: [cow, eager]}\nexpect: {exit: 0}\n");
        add("inner/fork-two", "tags: [fork]\nexpect: {exit: 0}\n");
        add("inner/last", "expect: {exit: 0}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--include=alone | alone",
                "--include=fork-* | fork-one[harts=1,fork=cow] fork-one[harts=1,fork=eager] fork-one[harts=2,fork=cow]"
                        + " fork-one[harts=2,fork=eager] fork-two",
                "--include=fork-one[harts=?,fork=eager] | fork-one[harts=1,fork=eager] fork-one[harts=2,fork=eager]",
                "--include=inner/* | fork-two last",
                "--include=alone --include=last | alone last",
                "--include=*/inner/last | last",
                "--include=a.one | ",
                "--exclude=fork-one* | alone fork-two last",
                "--include=fork* --exclude=*cow* --exclude=*two | fork-one[harts=1,fork=eager]"
                        + " fork-one[harts=2,fork=eager]",
                "--tag=quick&!fork | alone",
                "--tag=none() | last",
                "--tag=quick --tag=fork --exclude=fork-one* | alone fork-two",
                "--tag=fork --include=*two | fork-two",
            })
    void patternsAndTagsChooseTests(String options, String chosen) {
        CommandResult result = test(options.split(" "));

        assertThat(names(result)).containsExactlyElementsOf(chosen == null ? List.of() : List.of(chosen.split(" ")));
        assertThat(result.status()).isEqualTo(chosen == null ? 1 : 0);
        if (chosen == null) {
            assertThat(result.output()).contains("no tests found");
        }
    }

    @Test
    void shardsAreDisjointAndTogetherAllTests() {
        List<String> all = names(test());
        List<String> together = new ArrayList<>();
        for (int shard = 1; shard <= 3; shard++) {
            List<String> part = names(test("--shard=" + shard + "/3", "--exclude=alone"));
            assertThat(part).hasSizeBetween(2, 3);
            together.addAll(part);
        }

        assertThat(together).doesNotHaveDuplicates().hasSize(6);
        assertThat(all).hasSize(7).containsAll(together);
    }

    @Test
    void whatIsPrintedDoesNotDependOnTheNumberOfJobs() throws IOException {
        add("fails", "expect: {exit: 1}\n");

        CommandResult alone = test("--jobs=1");

        assertThat(alone.output()).contains("FAIL  fails").endsWith("7 passed, 1 failed\n");
        for (int jobs : new int[] {2, 5}) {
            assertThat(test("-j", Integer.toString(jobs)).output()).isEqualTo(alone.output());
        }
    }

    @Test
    void failFastShowsNothingBehindTheFirstFailureWhateverTheNumberOfJobs() throws IOException {
        add("before", "expect: {exit: 1}\n");

        CommandResult alone = test("--jobs=1", "--fail-fast");

        assertThat(names(alone)).containsExactly("alone", "before");
        assertThat(alone.output()).endsWith("1 passed, 1 failed, 6 skipped\n");
        assertThat(alone.status()).isEqualTo(1);
        assertThat(test("--jobs=4", "--fail-fast").output()).isEqualTo(alone.output());
    }

    @Test
    void everyMachineOfAMatrixHasItsOwnGoldenCounters() throws IOException {
        Path expectation = folder.resolve("fork-one.yaml");
        String before = Files.readString(expectation);

        assertThat(test("--update-golden", "--include=fork-one*", "--exclude=*harts=2,fork=eager*")
                        .status())
                .isZero();
        String three = Files.readString(expectation);
        assertThat(three)
                .startsWith(before)
                .contains("\"harts=1,fork=cow\": {cycles: ")
                .doesNotContain("\"harts=2,fork=eager\"");
        assertThat(test("--update-golden", "--jobs=4").status()).isZero();
        assertThat(expectation).content().contains("\"harts=2,fork=eager\": {cycles: ");

        Files.writeString(expectation, three.replaceFirst("cycles: [0-9]+", "cycles: 1"));
        CommandResult result = test();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("FAIL  fork-one[harts=1,fork=cow]")
                .contains("golden cycles was 1, is ")
                .contains("--include 'fork-one[harts=1,fork=cow]'")
                .endsWith("6 passed, 1 failed\n");

        Files.writeString(expectation, three.replace("[1, 2]", "[2, 4]"));
        assertThat(test().output()).contains("golden: 'harts=1,fork=cow' is no machine of the matrix");
        assertThat(test("--update-golden").status()).isZero();
        assertThat(test().status()).isZero();
    }

    @Test
    void goldenCountersAreThoseOfTheTestsOwnMachine() throws IOException {
        Path expectation = folder.resolve("alone.yaml");
        String before = Files.readString(expectation);

        CommandResult refused = test("--update-golden", "--include=alone", "--profile=skylake");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains("golden counters are those of the test's own machine");
        assertThat(expectation).hasContent(before);
        assertThat(test("--update-golden", "--include=alone", "--harts=4", "--ram=256M")
                        .status())
                .as("what has been the machine's own all the same")
                .isZero();
        Files.writeString(expectation, Files.readString(expectation).replaceFirst("cycles: [0-9]+", "cycles: 1"));
        assertThat(test("--include=alone", "--harts=4").output()).contains("golden cycles was 1, is ");
        assertThat(test("--include=alone", "--profile=skylake").status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"expect\": {\"exit\": 0}}\n",
                "---\nexpect: {exit: 0}\n...\n",
                "  expect: {exit: 0}\n",
                "expect: {exit: 0}\n\"golden\": {cycles: 1}\n",
            })
    void aFileThatCountersCannotBePutIntoStaysAsItIs(String text) throws IOException {
        Files.writeString(folder.resolve("alone.yaml"), text);

        CommandResult result = test("--update-golden", "--include=alone");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("golden counters cannot be put into a file of this form");
        assertThat(folder.resolve("alone.yaml")).hasContent(text);
    }

    @Test
    void aFolderBehindALinkIsSearchedAndOneThatCannotBeIsAFailedTest(@TempDir Path elsewhere) throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder);
        assertThat(InProcess.pagewalk("test", link.toString()).output())
                .startsWith(link + "\n")
                .endsWith("7 passed, 0 failed\n");

        assumeFalse(System.getProperty("user.name").equals("root"), "nothing is closed to root");
        Path closed = folder.resolve("inner");
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(closed);
        Files.setPosixFilePermissions(closed, Set.of());
        try {
            assertThat(test().output())
                    .contains(closed + ": cannot be searched")
                    .endsWith("5 passed, 1 failed\n");
        } finally {
            Files.setPosixFilePermissions(closed, permissions);
        }
    }

    @Test
    void namesNeedNotBeAscii() throws IOException {
        add("\u00e9t\u00e9", "expect: {exit: 0}\n");
        add("\u6e2c".repeat(80), "expect: {exit: 0}\n");

        assertThat(test().output()).contains("  ok    \u00e9t\u00e9 ").endsWith("9 passed, 0 failed\n");
    }

    @Test
    void filesWithoutANameAreNoTestsAndWhatCannotBeUsedFailsAlone() throws IOException {
        for (String name : List.of(".s", ".yaml", " .s")) {
            Files.writeString(folder.resolve(name), "");
        }
        add("bad-tag", "tags: [\"a\u2003b\"]\n");
        add("bad-file", "stdin-file: \"a\\0b\"\n");

        CommandResult result = test();

        assertThat(result.error()).isEmpty();
        assertThat(result.output())
                .contains("bad-tag.yaml: tags: 'a\u2003b' is no tag")
                .contains("bad-file.yaml: stdin-file: no file can have such a name")
                .endsWith("7 passed, 2 failed\n");
    }

    @Test
    void twoImagesOfOneNameAreOneFailedTest() throws IOException {
        Files.write(
                folder.resolve("alone.elf"),
                ImageCatalog.image("hello").orElseThrow().toByteArray());

        CommandResult result = test();

        assertThat(result.output())
                .contains("FAIL  alone")
                .contains("alone.elf: alone.s would be a test of the same name; rename one of them")
                .endsWith("6 passed, 1 failed\n");
    }

    @Test
    void foldersOfOneNameKeepTheirResultsApart() throws IOException {
        add("inner/inner/last", "expect: {exit: 1}\n");
        CommandResult result = InProcess.pagewalk(
                "test",
                folder.resolve("inner/inner").toString(),
                folder.resolve("inner").toString());

        assertThat(result.output()).contains("Failed:\n  inner/last\n").endsWith("2 passed, 1 failed\n");
    }

    @Test
    void aGuestThatDoesNotEndOrPrintsForEverFailsAlone() throws IOException {
        Files.writeString(folder.resolve("endless.s"), ".globl _start\n_start: j _start\n");
        Files.writeString(folder.resolve("endless.yaml"), "machine: {max-cycles: 100000}\n");
        Files.writeString(folder.resolve("talks.s"), """
                        .globl _start
                _start: li   a0, 1
                        la   a1, _start
                        li   a2, 0x100000
                        li   a7, 64
                        ecall
                        j    _start
                        .zero 0x100000
                """);
        Files.writeString(folder.resolve("talks.yaml"), "machine: {max-cycles: 1000000000000, profile: ideal}\n");

        CommandResult result = test();

        assertThat(result.output())
                .contains(
                        "exit status is 124 (stopped after 100000 cycles, at the limit of 100000 cycles (max-cycles)), not 0")
                .contains("the guest prints more than 16 MiB; it was stopped")
                .contains("write, ")
                .endsWith("7 passed, 2 failed\n");
    }

    @Test
    void repeatedTestsAreTheSameEachTime() {
        CommandResult result = test("--repeat=3");

        assertThat(result.output()).isEqualTo(test().output());
    }

    @Test
    void aLongDifferenceIsAUnifiedDiff() throws IOException {
        Files.writeString(folder.resolve("alone.yaml"), "expect: {console: \"one\\nhello, world\\ntwo\\n\"}\n");

        assertThat(test().output())
                .contains("        --- expected\n        +++ actual\n")
                .contains("        -one\n         hello, world\n        -two\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--jobs=0 | --jobs must be 1 to 256, not 0",
                "--jobs=257 | --jobs must be 1 to 256, not 257",
                "--repeat=0 | --repeat must be 1 or more, not 0",
                "--shard=0/4 | '0/4' must be a part and how many there are: 1/4 to 4/4",
                "--shard=5/4 | '5/4' must be a part",
                "--shard=four | 'four' must be a part",
                "--tag=( | tag",
                "--harts=65 | 1 to 64",
            })
    void wrongUsageIsOneLine(String option, String problem) {
        CommandResult result = test(option);

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.errorLines()).singleElement().asString().contains(problem);
        assertThat(result.output()).isEmpty();
    }

    @Test
    void aFileThatIsNoTestIsWrongUsage() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "");

        CommandResult result = InProcess.pagewalk("test", file.toString());

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.errorLines())
                .singleElement()
                .asString()
                .contains("notes.txt is no test; a test is an image, name.s or name.elf, with its name.yaml beside it");
    }

    private CommandResult test(String... options) {
        List<String> arguments = new ArrayList<>(List.of("test", folder.toString()));
        arguments.addAll(List.of(options));
        return InProcess.pagewalk(arguments.toArray(String[]::new));
    }

    /** The tests that were run, in the order of the output. */
    private static List<String> names(CommandResult result) {
        List<String> names = new ArrayList<>();
        Matcher matcher = RESULT.matcher(result.output());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private void add(String name, String expectation) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(
                folder.resolve(name + ".s"), ImageCatalog.source("hello").orElseThrow());
        Files.writeString(folder.resolve(name + ".yaml"), expectation);
    }
}
