package dev.pagewalk.images.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectationReaderTest {
    private static final String FULL = """
            tags: [slow, page-faults]
            args: [one, "two words", 3]
            stdin: "input\\n"
            machine: {harts: 4, ram: 64M, profile: u74, sanitize: true}   # the options of boot
            expect:
              exit: 139
              console: "hello\\n"
              counters: {faults.cow: 12, shootdowns.count: "<= 40", harts: "> -1"}
            golden: {cycles: 123456, instructions: 7890}
            """;

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsRead() throws ExpectationException {
        Expectation expectation = parse(FULL);

        assertThat(expectation.args()).containsExactly("one", "two words", "3");
        assertThat(expectation.stdin()).isEqualTo("input\n");
        assertThat(expectation.machine())
                .containsExactly(
                        entry("harts", "4"), entry("ram", "64M"), entry("profile", "u74"), entry("sanitize", "true"));
        assertThat(expectation.exit()).isEqualTo(139);
        assertThat(expectation.console()).contains("hello\n");
        assertThat(expectation.counters())
                .containsExactly(
                        entry("faults.cow", new CounterBound(CounterBound.Relation.EQUAL, 12)),
                        entry("shootdowns.count", new CounterBound(CounterBound.Relation.AT_MOST, 40)),
                        entry("harts", new CounterBound(CounterBound.Relation.GREATER, -1)));
        assertThat(expectation.variants()).singleElement().satisfies(machine -> {
            assertThat(machine.label()).isEmpty();
            assertThat(machine.machine()).isEqualTo(expectation.machine());
            assertThat(machine.golden()).containsExactly(entry("cycles", 123456L), entry("instructions", 7890L));
        });
        assertThat(expectation.tags()).containsExactly("slow", "page-faults");
    }

    @Test
    void aMatrixIsEveryCombinationInTheOrderOfTheFile() throws ExpectationException {
        Expectation expectation =
                parse("machine: {ram: 1M}\nmatrix: {harts: [1, 4], shootdown: [latr, targeted, lazy]}\n"
                        + "golden: {\"harts=4,shootdown=latr\": {cycles: 9}, \"harts=5\": {cycles: 8}}\n");

        assertThat(expectation.variants())
                .extracting(MachineVariant::label)
                .containsExactly(
                        "harts=1,shootdown=latr",
                        "harts=1,shootdown=targeted",
                        "harts=1,shootdown=lazy",
                        "harts=4,shootdown=latr",
                        "harts=4,shootdown=targeted",
                        "harts=4,shootdown=lazy");
        assertThat(expectation.variants().get(3).machine())
                .containsExactly(entry("ram", "1M"), entry("harts", "4"), entry("shootdown", "latr"));
        assertThat(expectation.variants().get(3).golden()).containsExactly(entry("cycles", 9L));
        assertThat(expectation.variants().get(0).golden()).isEmpty();
        assertThat(expectation.strayGolden()).containsExactly("harts=5");
        assertThat(parse("matrix: {harts: [1, 2]}\ngolden: {cycles: 1}").strayGolden())
                .containsExactly("");
    }

    @Test
    void anImagesMachineAndItsMatrixLieOverThoseOfTheDefaults() throws ExpectationException {
        String defaults = "machine: {ram: 1M}\nmatrix: {harts: [1, 2], fork: [cow, eager]}\n";

        Expectation expectation = ExpectationReader.parse(
                "guest.yaml", "machine: {harts: 8}\nmatrix: {ram: [2M, 4M]}\n", defaults, folder);

        assertThat(expectation.machine()).containsExactly(entry("harts", "8"));
        assertThat(expectation.matrix())
                .containsExactly(entry("fork", List.of("cow", "eager")), entry("ram", List.of("2M", "4M")));
    }

    @Test
    void aMatrixOfMoreMachinesThanAnybodyMeansIsRefused() throws ExpectationException {
        String sixteen = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]";
        assertThat(parse("matrix: {harts: " + sixteen + ", seed: " + sixteen + "}")
                        .variants())
                .hasSize(256);
        assertRefused(
                "matrix: {harts: " + sixteen + ", seed: " + sixteen + ", fork: [cow, eager]}",
                "matrix: makes more than 256 machines of one image");
        StringBuilder options = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            options.append("o")
                    .append((char) ('a' + i % 26))
                    .append(i)
                    .append(": ")
                    .append(sixteen)
                    .append(", ");
        }
        assertRefused("matrix: {" + options + "}", "matrix: makes more than 256 machines");
    }

    @Test
    void filesAreMeantFromTheFolderAndLieOverTheDefaults() throws Exception {
        Files.writeString(folder.resolve("defaults.yaml"), "files: {/data/a: a.bin, /data/b: b.bin}");
        Path file = Files.writeString(folder.resolve("guest.yaml"), "files: {/data/b: ../other.bin, /c: /c.bin}");

        assertThat(ExpectationReader.read(file).files())
                .containsExactly(
                        entry("/data/a", folder.resolve("a.bin")),
                        entry("/data/b", folder.resolve("../other.bin")),
                        entry("/c", Path.of("/c.bin")));
        assertThatThrownBy(() -> parse("files: {/a: 7}")).hasMessageContaining("files./a: must be a text");
        assertThatThrownBy(() -> parse("files: [/a]")).hasMessageContaining("files: must hold keys of its own");
        assertThatThrownBy(() -> parse("files: {/a: \"x\\0y\"}"))
                .isInstanceOf(ExpectationException.class)
                .hasMessageContaining("files./a: no file can have such a name");
    }

    @Test
    void anEmptyFileExpectsAPlainSuccess() throws ExpectationException {
        for (String text : List.of("", "# nothing yet\n", "---\n", "null\n")) {
            Expectation expectation = parse(text);
            assertThat(expectation.exit()).isZero();
            assertThat(expectation.args()).isEmpty();
            assertThat(expectation.allowsConsole("anything")).isTrue();
        }
    }

    @Test
    void theConsoleMustBeEqualOrMatchAsAWhole() throws ExpectationException {
        assertThat(parse("expect: {console: \"a\\n\"}").allowsConsole("a\n")).isTrue();
        assertThat(parse("expect: {console: \"a\\n\"}").allowsConsole("a\nb")).isFalse();
        assertThat(parse("expect: {console-matches: 'a[0-9]'}").allowsConsole("a1"))
                .isTrue();
        assertThat(parse("expect: {console-matches: 'a[0-9]'}").allowsConsole("xa12"))
                .isFalse();
    }

    @Test
    void defaultsOfTheFolderHoldWhereTheFileIsSilent() throws Exception {
        Files.writeString(
                folder.resolve("defaults.yaml"),
                "machine: {harts: 2, ram: 64M}\nstdin-file: input.txt\nexpect: {exit: 3, console-matches: x, counters: {a: 1, b: 2}}\n");
        Files.writeString(
                folder.resolve("guest.yaml"), "machine: {harts: 8}\nexpect: {console: y, counters: {b: '>= 5'}}\n");

        Expectation expectation = ExpectationReader.read(folder.resolve("guest.yaml"));

        assertThat(expectation.machine()).containsExactly(entry("harts", "8"), entry("ram", "64M"));
        assertThat(expectation.stdinFile()).contains(folder.toAbsolutePath().resolve("input.txt"));
        assertThat(expectation.exit()).isEqualTo(3);
        assertThat(expectation.console()).contains("y");
        assertThat(expectation.consoleMatches()).isEmpty();
        assertThat(expectation.counters().get("b").allows(4)).isFalse();
        assertThat(expectation.counters().get("a").allows(1)).isTrue();
    }

    @Test
    void aPatternReplacesTheConsoleTextOfTheDefaults() throws Exception {
        Files.writeString(folder.resolve("defaults.yaml"), "stdin: text\nexpect: {console: text}\n");
        Files.writeString(folder.resolve("guest.yaml"), "stdin-file: input.txt\nexpect: {console-matches: 'a+'}\n");

        Expectation expectation = ExpectationReader.read(folder.resolve("guest.yaml"));

        assertThat(expectation.console()).isEmpty();
        assertThat(expectation.allowsConsole("aaa")).isTrue();
        assertThat(expectation.stdin()).isEmpty();
    }

    @Test
    void mistakesNameTheFileAndTheKey() {
        assertRefused("expct: {exit: 0}", "guest.yaml: expct: this key is unknown: args, expect, files, golden");
        assertRefused("expect: {exits: 0}", "guest.yaml: expect.exits: this key is unknown");
        assertRefused("expect: 5", "guest.yaml: expect: must hold keys of its own");
        assertRefused("expect: {exit: \"0\"}", "expect.exit: must be a whole number");
        assertRefused("expect: {exit: 256}", "expect.exit: 256 is outside 0 to 255");
        assertRefused("expect: {exit: 1.5}", "expect.exit: must be a whole number");
        assertRefused("expect: {console: 5}", "expect.console: must be a text");
        assertRefused(
                "expect: {console: a, console-matches: b}", "expect.console-matches: cannot stand beside console");
        assertRefused("expect: {console-matches: '(a'}", "expect.console-matches: no regular expression");
        assertRefused("expect: {counters: {a: '~ 5'}}", "expect.counters.a: '~ 5' is no bound");
        assertRefused("expect: {counters: {a: [1]}}", "expect.counters.a: must be a whole number");
        assertRefused("stdin: a\nstdin-file: b", "stdin-file: cannot stand beside stdin");
        assertRefused("args: one", "args: must be a list");
        assertRefused("args: [[one]]", "args: each must be a text");
        assertRefused("machine: {harts: [1]}", "machine.harts: must be a single value");
        assertRefused("machine: {--harts: 1}", "machine.--harts: no option of boot");
        assertRefused("matrix: {harts: 4}", "matrix.harts: must be a list");
        assertRefused("matrix: {harts: []}", "matrix.harts: must be a list of different values");
        assertRefused("matrix: {harts: [1, 1]}", "matrix.harts: must be a list of different values");
        assertRefused("matrix: {harts: [[1]]}", "matrix.harts: each must be a text");
        assertRefused("matrix: {harts: ['a b']}", "matrix.harts: 'a b' is no value of an option of boot");
        assertRefused("matrix: {Harts: [1]}", "matrix.Harts: no option of boot");
        assertRefused("machine: {harts: 1}\nmatrix: {harts: [1, 2]}", "matrix.harts: stands under machine too");
        assertRefused("tags: [a b]", "tags: 'a b' is no tag");
        assertRefused("golden: {harts=1: {cycles: many}}", "golden.harts=1.cycles: must be a whole number");
        assertRefused("golden: {cycles: many}", "golden.cycles: must be a whole number");
        assertRefused("golden: {cycles: 99999999999999999999}", "golden.cycles: must be a whole number");
        assertRefused("- a", "guest.yaml: the file must hold keys");
        assertRefused("args: [", "guest.yaml: no YAML");
        assertRefused("args: []\nargs: []", "guest.yaml: no YAML");
        assertRefused("args: []\n---\nargs: []", "more than one YAML document");
    }

    @Test
    void whatIsNoYamlIsSaidInOneLineWithItsPlaceAndWithoutJavaNames() {
        assertRefused("expect: {exit: [}", "no YAML (line 1): expected the node content, but found '}'");
        assertRefused("expect:\n\t- b", "no YAML (line 2): found character '\\t(TAB)' that cannot start any token");
        assertRefused("args: []\nargs: []", "no YAML (line 2): the key 'args' stands there twice");
        assertRefused("stdin: 'x", "no YAML (line 1): found unexpected end of stream");
        for (String text : List.of(
                "? [a]\n: b",
                "{a: b}: c",
                "[".repeat(2_000),
                "a: !!binary x",
                "a: !!float x",
                "a: @b",
                "a: \u0001",
                "%YAML 9\n---\na")) {
            assertThatThrownBy(() -> parse(text))
                    .as(text)
                    .isInstanceOf(ExpectationException.class)
                    .message()
                    .startsWith("guest.yaml: no YAML")
                    .doesNotContain("\n")
                    .doesNotContainPattern("\\w\\.\\w+\\.\\w|[A-Z][a-z]+[A-Z]|\\(\\)|<");
        }
    }

    /** The first tries every way to divide the text, the second calls itself for each character. */
    @Test
    void aRegularExpressionThatWouldNotEndIsGivenUp() throws ExpectationException {
        Expectation remembered = parse("expect: {console-matches: '(a+)+$'}");
        assertThat(remembered.allowsConsole("a".repeat(60) + "b"))
                .as("the JDK remembers where this one has failed")
                .isFalse();

        Expectation endless = parse("expect: {console-matches: 'a*a*a*a*a*a*a*a*a*a*$'}");
        assertThat(endless.allowsConsole("aaaa")).isTrue();
        assertThatThrownBy(() -> endless.allowsConsole("a".repeat(60) + "b"))
                .isInstanceOf(ExpectationException.class)
                .hasMessageStartingWith("console-matches: a*a*a*a*a*a*a*a*a*a*$ tries too many ways");

        Expectation deep = parse("expect: {console-matches: '(a|b)*'}");
        assertThat(deep.allowsConsole("abab")).isTrue();
        assertThatThrownBy(() -> deep.allowsConsole("ab".repeat(1_000_000)))
                .isInstanceOf(ExpectationException.class)
                .hasMessageStartingWith("console-matches: (a|b)* needs too many nested steps");
    }

    /** An expectation of the size that tests have needs a thousandth of the bound. */
    @Test
    void aLongConsoleCanBeMatched() throws ExpectationException {
        String line = "allocated 4096 bytes at 0x10000, faults 12\n";
        Expectation expectation = parse("expect: {console-matches: '(?s).*faults 1[0-9]\\n'}");

        assertThat(expectation.allowsConsole(line.repeat(20_000))).isTrue();
    }

    @Test
    void aliasBombsAndHugeOrDeepFilesAreRefused() {
        assertRefused("args: &a [x]\nmachine: *a", "anchors and aliases");
        assertRefused("a: &a [x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]", "anchors and aliases");
        assertRefused("[".repeat(100_000), "guest.yaml: ");
        assertRefused("#".repeat(2_000_000), "at most 1048576 are possible");
    }

    @Test
    void damagedFilesAreReadOrRefused() {
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(FULL);
            for (int i = random.nextInt(4); i >= 0; i--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            }
            try {
                parse(text.toString());
            } catch (ExpectationException e) {
                assertThat(e.getMessage())
                        .as("seed %d", seed)
                        .startsWith("guest.yaml: ")
                        .doesNotContain("\n");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void aMissingFileAndMisplacedGoldenCountersAreRefused() throws Exception {
        assertThatThrownBy(() -> ExpectationReader.read(folder.resolve("none.yaml")))
                .isInstanceOf(ExpectationException.class)
                .hasMessageContaining("none.yaml: the file cannot be read");
        Files.writeString(folder.resolve("defaults.yaml"), "golden: {cycles: 1}");
        assertThatThrownBy(() -> ExpectationReader.read(folder.resolve("guest.yaml")))
                .isInstanceOf(ExpectationException.class)
                .hasMessageContaining("defaults.yaml: golden: ");
    }

    private static Expectation parse(String text) throws ExpectationException {
        return ExpectationReader.parse("guest.yaml", text, Path.of("."));
    }

    private static void assertRefused(String text, String reason) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ExpectationException.class)
                .hasMessageStartingWith("guest.yaml: ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }
}
