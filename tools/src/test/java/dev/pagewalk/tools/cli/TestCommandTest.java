package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import dev.pagewalk.tools.testing.TestGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** {@code test} runs guests against their expectation files and says what differs. */
class TestCommandTest {
    private static final String PASSING = "expect: {exit: 0, console: \"hello, world\\n\"}\n";

    /** Copies /data/poem to the console. */
    static final String CAT = """
                    .globl _start
            _start: li   a0, -100
                    la   a1, path
                    li   a2, 0
                    li   a7, 56
                    ecall
                    mv   s1, a0
            more:   mv   a0, s1
                    la   a1, buffer
                    li   a2, 5
                    li   a7, 63
                    ecall
                    blez a0, over
                    mv   a2, a0
                    li   a0, 1
                    la   a1, buffer
                    li   a7, 64
                    ecall
                    j    more
            over:   neg  a0, a0
                    li   a7, 94
                    ecall
                    .section .rodata
            path:   .asciz "/data/poem"
                    .bss
            buffer: .zero 8
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeGuest() throws IOException {
        addGuest("hello", PASSING);
    }

    @Test
    void theCatalogPassesOnItsOwnAndOnOtherMachines() {
        int tests = ImageCatalog.names().stream()
                .mapToInt(name -> TestGuest.expectation(name).variants().size())
                .sum();

        CommandResult result = InProcess.pagewalk("test", "catalog");

        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.error()).isEmpty();
        assertThat(result.output()).startsWith("catalog\n").endsWith(tests + " passed, 0 failed\n");
        for (String name : ImageCatalog.names()) {
            assertThat(result.output()).containsPattern("(?m)^  ok    " + name + "(\\[\\S+])? +[0-9,]+ cycles$");
        }
        assertThat(InProcess.pagewalk("test", "catalog", "--paging=sv39", "--profile=ideal", "--harts=1", "--ram=32M")
                        .status())
                .isZero();
    }

    @Test
    void passingTestsAreListedAndCounted() throws IOException {
        Files.createDirectories(folder.resolve("inner"));
        addGuest("inner/echo", "stdin: \"text\"\nexpect: {console: \"text\"}\n");
        Files.writeString(folder.resolve("inner").resolve("input.txt"), "from a file");
        addGuest("inner/echo2", "stdin-file: input.txt\nexpect: {console: \"from a file\"}\n", "echo");

        CommandResult result = test();

        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains(folder + "\n  ok    hello ")
                .contains(folder.resolve("inner") + "\n  ok    echo ")
                .endsWith("3 passed, 0 failed\n");
    }

    @Test
    void aTestHasItsOwnFilesAndItsOwnKindOfFork() throws IOException {
        Files.write(
                folder.resolve("hello.bin"),
                ImageCatalog.image("hello").orElseThrow().toByteArray());
        Files.writeString(folder.resolve("run.s"), """
                        .globl _start
                _start: li a0, 17
                        li a1, 0
                        li a7, 220
                        ecall
                        beqz a0, child
                        li a0, -1
                        li a1, 0
                        li a2, 0
                        li a3, 0
                        li a7, 260
                        ecall
                        li a0, 0
                        li a7, 93
                        ecall
                child:  sd sp, -8(sp)
                        la a0, path
                        li a1, 0
                        li a2, 0
                        li a7, 221
                        ecall
                        li a7, 93
                        ecall
                        .data
                path:   .asciz "/data/program"
                """);
        Files.writeString(folder.resolve("run.yaml"), """
                files: {/data/program: hello.bin}
                machine: {fork: eager}
                expect: {console: "hello, world\\n", counters: {faults.cow: 0, process_count: 2}}
                """);

        assertThat(test().output()).endsWith("2 passed, 0 failed\n");
        CommandResult overridden = InProcess.pagewalk("test", folder.toString(), "--fork=cow");
        assertThat(overridden.output()).contains("faults.cow is 1, not 0");
        Files.delete(folder.resolve("hello.bin"));
        assertThat(test().output()).contains("file for /data/program: ").contains("cannot be read");
    }

    @Test
    void oneImageCanBeNamed() {
        CommandResult result =
                InProcess.pagewalk("test", folder.resolve("hello.s").toString());

        assertThat(result.status()).isZero();
        assertThat(result.output()).endsWith("1 passed, 0 failed\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expect: {exit: 1} | exit status is 0, not 1",
                "expect: {console: \"hello\\n\"} | expected \"hello\\n\"",
                "expect: {console: \"hello\\n\"} | actual   \"hello, world\\n\"",
                "expect: {console-matches: 'h[0-9]+'} | expected a match of h[0-9]+",
                "expect: {counters: {instructions: 8}} | instructions is 7, not 8",
                "expect: {counters: {syscalls.write: '>= 2'}} | syscalls.write is 1, not >= 2",
                "expect: {counters: {faults.nosuch: 0}} | there is no counter faults.nosuch",
                "golden: {instructions: 8} | golden instructions was 8, is 7 (-12.50 %)",
                "golden: {instructions: 1} | golden instructions was 1, is 7 (+600.00 %)",
                "golden: {cycles: 1} | golden cycles was 1, is ",
                "golden: {syscalls.write: 0} | golden syscalls.write was 0, is 1",
                "golden: {faults.nosuch: 8} | there is no counter faults.nosuch",
                "machine: {max-cycles: 1000} | exit status is 124",
                "machine: {quantum: 1501} | the quantum must be 1 to 1500 cycles with profile u74, not 1501",
                "machine: {ram: 128K} | ",
                "machine: {quantum: 50, seed: -7, shootdown: latr, asid-bits: 4} | ",
            })
    void whatDiffersIsSaid(String expectation, String difference) throws IOException {
        addGuest("failing", expectation + "\n", "hello");

        CommandResult result = test();

        if (difference == null) {
            assertThat(result.status())
                    .as("a smaller machine suffices: %s", result.output())
                    .isZero();
            return;
        }
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.error()).isEmpty();
        assertThat(result.output())
                .containsPattern("(?m)^  FAIL  failing")
                .contains(difference)
                .contains("  ok    hello")
                .doesNotContainPattern("golden (cycles|syscalls.write) .*%")
                .contains("Failed:\n  " + folder.getFileName() + "/failing\n")
                .endsWith("1 passed, 1 failed\n");
    }

    @Test
    void filesAreFoundBesideTheExpectationAndOneThatIsMissingFailsItsTestOnly() throws IOException {
        Files.writeString(folder.resolve("poem.txt"), "roses are red\n");
        for (String name : List.of("cat", "missing", "nowhere")) {
            Files.writeString(folder.resolve(name + ".s"), CAT);
        }
        String expected = "expect: {exit: 0, console: \"roses are red\\n\"}\n";
        Files.writeString(folder.resolve("cat.yaml"), "files: {/data/poem: poem.txt}\n" + expected);
        Files.writeString(folder.resolve("missing.yaml"), "files: {/data/poem: nosuch.txt}\n" + expected);
        Files.writeString(folder.resolve("nowhere.yaml"), "expect: {exit: 9}\n");

        CommandResult result = test();

        assertThat(result.output())
                .contains("  ok    cat ")
                .contains("  ok    nowhere ")
                .contains("file for /data/poem: " + folder.resolve("nosuch.txt") + ": cannot be read: no such file")
                .endsWith("3 passed, 1 failed\n");
    }

    @Test
    void anImageThatIsNoneFailsItsTestOnly() throws IOException {
        Files.writeString(folder.resolve("broken.elf"), "");
        Files.writeString(folder.resolve("broken.yaml"), "expect: {exit: 0}\n");
        addGuest("input", "stdin-file: missing.txt\n", "echo");

        CommandResult result = test();

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("broken.elf: the file is empty")
                .contains("missing.txt: cannot be read: no such file")
                .endsWith("1 passed, 2 failed\n");
    }

    @Test
    void noTestsAtAllIsAFailure(@TempDir Path empty) {
        CommandResult result = InProcess.pagewalk("test", empty.toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("no tests found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expect: {exit: [} | bad.yaml",
                "expects: {exit: 0} | expects",
                "expect: {exit: 256} | 0 to 255",
                "machine: {nosuch: 1} | --nosuch",
                "machine: {gdb: 1234} | --gdb",
                "machine: {harts: 65} | 1 to 64",
                "machine: {ram: 3} | 64K",
                "machine: {numa: 65} | 1 to 64",
            })
    void anExpectationThatCannotBeUsedFailsItsTestOnly(String expectation, String reason) throws IOException {
        addGuest("bad", expectation + "\n", "hello");
        Path reports = folder.resolve("reports");

        CommandResult result = test("--reports", reports.toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.error()).isEmpty();
        assertThat(result.output())
                .contains("  FAIL  bad\n")
                .contains(reason)
                .contains("  ok    hello ")
                .endsWith("1 passed, 1 failed\n")
                .doesNotContain("yaml.snakeyaml");
        assertThat(reports.resolve("TEST-pagewalk.xml")).content().contains("tests=\"2\" failures=\"1\"");
    }

    @Test
    void defaultsThatCannotBeUsedFailTheTestsOfTheirFolder() throws IOException {
        Files.createDirectories(folder.resolve("inner"));
        addGuest("inner/hello", PASSING);
        Files.writeString(folder.resolve("inner").resolve("defaults.yaml"), "nosuch: 1\n");

        CommandResult result = test();

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("defaults.yaml: nosuch: this key is unknown")
                .endsWith("1 passed, 1 failed\n");
    }

    @Test
    void anImageWithoutExpectationAndTheReverseAreFailedTests() throws IOException {
        Files.writeString(folder.resolve("alone.s"), "nop\n");
        Files.writeString(folder.resolve("lonely.yaml"), "expect: {exit: 0}\n");
        addGuest("wrong", PASSING, "hello");
        Files.writeString(folder.resolve("wrong.s"), "addd a0, a0\n");

        CommandResult result = test();

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.error()).isEmpty();
        assertThat(result.output())
                .contains("alone.s: has no expectations; write them into alone.yaml")
                .contains("lonely.yaml: has no image beside it; lonely.s or lonely.elf is missing")
                .contains("wrong.s:1:1: ")
                .endsWith("1 passed, 3 failed\n");
    }

    @Test
    void aRegularExpressionThatWouldNotEndFailsItsTest() throws IOException {
        addGuest(
                "endless",
                "stdin: \"" + "a".repeat(60) + "b\"\nexpect: {console-matches: 'a*a*a*a*a*a*a*a*a*a*$'}\n",
                "echo");

        CommandResult result = test();

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("a*a*a*a*a*a*a*a*a*a*$ tries too many ways")
                .endsWith("1 passed, 1 failed\n");
    }

    @Test
    void reportsAreJUnitXml() throws IOException, ParserConfigurationException, SAXException {
        addGuest("failing", "expect: {console: \"<&\\u0001>\"}\n", "hello");
        Files.createDirectories(folder.resolve("one").resolve("two"));
        addGuest("one/two/echo", "expect: {exit: 0}\n");
        Path reports = folder.resolve("target").resolve("reports");

        CommandResult result = test("--reports", reports.toString());

        assertThat(result.status()).isEqualTo(1);
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(reports.resolve("TEST-pagewalk.xml").toFile())
                .getDocumentElement();
        assertThat(suite.getTagName()).isEqualTo("testsuites");
        assertThat(suite.getAttribute("tests")).isEqualTo("3");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        NodeList cases = suite.getElementsByTagName("testcase");
        assertThat(cases.getLength()).isEqualTo(3);
        Element failing = (Element) cases.item(0);
        assertThat(failing.getAttribute("name")).isEqualTo("failing");
        assertThat(failing.getAttribute("classname"))
                .isEqualTo(folder.getFileName().toString());
        assertThat(failing.getAttribute("file"))
                .isEqualTo(folder.resolve("failing.s").toString());
        assertThat(failing.getAttribute("time")).matches("[0-9]+\\.[0-9]{3}");
        assertThat(failing.getElementsByTagName("failure").item(0).getTextContent())
                .contains("expected \"<&\\x01>\"");
        assertThat(((Element) cases.item(1)).getElementsByTagName("failure").getLength())
                .isZero();
        Element deeper = (Element) cases.item(2);
        assertThat(deeper.getAttribute("name")).isEqualTo("echo");
        assertThat(deeper.getAttribute("classname")).isEqualTo("one.two");
    }

    /** Whatever the tests are called from. */
    @Test
    void theClassNameOfAReportedTestIsNeverAPlaceholder() throws IOException {
        Path reports = folder.resolve("reports");
        Path here = Path.of("").toAbsolutePath();
        Path relative = here.relativize(folder.toRealPath());

        for (String path : List.of(relative.toString(), relative + "/.", relative + "/hello.s")) {
            assertThat(InProcess.pagewalk("test", path, "--reports", reports.toString())
                            .status())
                    .isZero();
            assertThat(reports.resolve("TEST-pagewalk.xml"))
                    .content()
                    .contains("classname=\"" + folder.getFileName() + "\"");
        }
    }

    @Test
    void reportsThatCannotBeWrittenAreAnError() throws IOException {
        Path file = Files.writeString(folder.resolve("file.txt"), "");

        for (Path reports : List.of(file, file.resolve("reports"))) {
            CommandResult result = test("--reports", reports.toString());

            assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(result.errorLines())
                    .singleElement()
                    .asString()
                    .startsWith("pagewalk: cannot write reports to " + reports + ": ")
                    .doesNotContain("Exception");
            assertThat(result.output()).as("before any test has run").isEmpty();
        }
    }

    @Test
    void aGoldenCounterThatCannotBeWrittenFailsItsTest() throws IOException {
        Path expectation = addGuest("bad", "golden: {faults.nosuch: 1}\n", "hello");

        CommandResult result = test("--update-golden");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("there is no counter faults.nosuch")
                .endsWith("1 passed, 1 failed\n");
        assertThat(expectation).hasContent("golden: {faults.nosuch: 1}\n");
    }

    @Test
    void goldenCountersAreWrittenComparedAndWrittenAgain() throws IOException {
        Path expectation = folder.resolve("hello.yaml");
        Files.writeString(expectation, "# What hello does.\n" + PASSING);

        assertThat(test("--update-golden").status()).isZero();

        String written = Files.readString(expectation);
        assertThat(written)
                .startsWith("# What hello does.\n" + PASSING)
                .containsPattern("golden:.*cycles: [0-9]+")
                .contains("instructions: 7");
        assertThat(test().status()).isZero();

        Files.writeString(expectation, written.replace("instructions: 7", "instructions: 5"));
        CommandResult differs = test();
        assertThat(differs.status()).isEqualTo(1);
        assertThat(differs.output()).contains("golden instructions was 5, is 7 (+40.00 %)");
        for (String engine : List.of("auto", "interpreter", "translator")) {
            assertThat(test("--engine", engine).output())
                    .as("they hold for all engines")
                    .contains("golden instructions was 5, is 7 (+40.00 %)")
                    .contains("--engine=" + engine);
        }

        assertThat(test("--update-golden").status()).isZero();
        assertThat(expectation).hasContent(written);
    }

    @Test
    void aFailingTestKeepsItsGoldenCounters() throws IOException {
        String text = "expect: {exit: 3}\ngolden: {instructions: 5}\n";
        Path expectation = addGuest("failing", text, "hello");

        assertThat(test("--update-golden").status()).isEqualTo(1);

        assertThat(expectation).hasContent(text);
    }

    @Test
    void goldenCountersOfTheCatalogCannotBeWritten() {
        CommandResult result = InProcess.pagewalk("test", "catalog", "--update-golden");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.errorLines()).singleElement().asString().contains("the catalog cannot be rewritten");
    }

    @Test
    void optionsOfTheCommandLineWinOverThoseOfTheFiles() throws IOException {
        Files.writeString(folder.resolve("defaults.yaml"), "machine: {ram: 1M, harts: 2}\n");
        Files.writeString(
                folder.resolve("hello.yaml"), "machine: {ram: 2M}\nexpect: {counters: {frames.total: 512}}\n");
        assertThat(test().status())
                .as("the image's file wins over the folder's defaults")
                .isZero();

        CommandResult result = test("--ram", "4M");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("frames.total is 1024, not 512");
    }

    @Test
    void nodesAreSplitAsTheFilesOrTheCommandLineSay() throws IOException {
        Files.writeString(
                folder.resolve("hello.yaml"),
                "machine: {ram: 1M, numa: 4}\nexpect: {counters: {frames.nodes.3.free_at_exit: 64}}\n");
        assertThat(test().status()).isZero();

        CommandResult result = test("--numa", "8");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("frames.nodes.3.free_at_exit is 32, not 64");
    }

    @Test
    void theSanitizerWatchesUnlessItIsSentAway() throws IOException {
        Files.writeString(
                folder.resolve("hello.yaml"),
                "expect: {counters: {sanitizer.violations: 0, shootdowns.stale_hits_in_window: 0}}\n");
        assertThat(test().status()).isZero();
        assertThat(test("--sanitize").status()).isZero();

        CommandResult result = test("--sanitize=false");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("there is no counter shootdowns.stale_hits_in_window");

        Files.writeString(
                folder.resolve("hello.yaml"),
                "machine: {sanitize: false}\nexpect: {counters: {shootdowns.stale_hits_in_window: 0}}\n");
        assertThat(test().status()).isEqualTo(1);
        assertThat(test("--sanitize=true").status()).isZero();
    }

    @Test
    void theFoldersDefaultsHoldForItsImages() throws IOException {
        Files.writeString(folder.resolve("defaults.yaml"), "machine: {ram: 1M}\nexpect: {exit: 7}\n");
        Files.writeString(folder.resolve("hello.yaml"), "expect: {counters: {frames.total: 256}}\n");

        CommandResult result = test();

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("exit status is 0, not 7").doesNotContain("frames.total");
    }

    private CommandResult test(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "test";
        arguments[1] = folder.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return InProcess.pagewalk(arguments);
    }

    private Path addGuest(String name, String expectation) throws IOException {
        return addGuest(name, expectation, name.substring(name.lastIndexOf('/') + 1));
    }

    /** Writes a guest of the catalog under another name, with its expectation, whose path is given. */
    private Path addGuest(String name, String expectation, String guest) throws IOException {
        Files.writeString(
                folder.resolve(name + ".s"), ImageCatalog.source(guest).orElseThrow());
        return Files.writeString(folder.resolve(name + ".yaml"), expectation);
    }
}
