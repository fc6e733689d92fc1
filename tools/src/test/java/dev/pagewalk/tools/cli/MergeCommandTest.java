package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.report.ReportFolder;
import dev.pagewalk.tools.runner.report.Results;
import dev.pagewalk.tools.runner.report.ResultsFile;
import dev.pagewalk.tools.runner.report.Shard;
import dev.pagewalk.tools.runner.report.TestRecord;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code merge} makes one report of all shards, and of nothing less. */
class MergeCommandTest {
    @TempDir
    Path folder;

    @Test
    void theReportsOfAllShardsAreThoseOfTheWhole() throws UserErrorException {
        shard("one", 1, 3, passed("b", "z"), passed("a", "x"));
        shard("two", 2, 3, passed("b", "y"));
        shard("three", 3, 3);
        Path whole = folder.resolve("whole");

        CommandResult result = merge("three", "one", "two", "--reports", whole.toString());

        assertThat(result.status()).as(result.error()).isZero();
        assertThat(result.output()).isEqualTo("3 passed, 0 failed\n");
        assertThat(ResultsFile.read(whole))
                .isEqualTo(new Results(null, List.of(passed("b", "z"), passed("b", "y"), passed("a", "x"))));
        assertThat(whole.resolve("index.html")).content().contains("<h1>3 passed, 0 failed</h1>");
        assertThat(whole.resolve("TEST-pagewalk.xml")).content().contains("tests=\"3\" failures=\"0\"");
    }

    @Test
    void aFailedTestIsNamedAndDecidesTheExitStatus() throws UserErrorException {
        shard("one", 1, 2, passed("a", "x"));
        shard("two", 2, 2, ended("a", "y", TestRecord.Status.FAILED), ended("a", "z", TestRecord.Status.SKIPPED));

        CommandResult result = merge("one", "two");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).isEqualTo("Failed:\n  a/y\n1 passed, 1 failed, 1 skipped\n");
    }

    @Test
    void whereNothingPassedIsNoSuccess() throws UserErrorException {
        shard("one", 1, 1);

        assertThat(merge("one").status()).isEqualTo(1);
    }

    @Test
    void wholeRunsAreMergedToo() throws UserErrorException {
        write("one", null, passed("a", "x"));
        write("two", null, passed("b", "x"));

        assertThat(merge("one", "two").output()).isEqualTo("2 passed, 0 failed\n");
    }

    @Test
    void whatMakesNoWholeIsRefused() throws UserErrorException, IOException {
        shard("1of3", 1, 3, passed("a", "x"));
        shard("2of3", 2, 3, passed("a", "y"));
        shard("again", 2, 3, passed("a", "z"));
        shard("same", 3, 3, passed("a", "x"));
        shard("1of2", 1, 2, passed("a", "w"));
        shard("1of100", 1, 100);
        write("all", null, passed("a", "v"));
        write("doubled", null, passed("a", "v"), passed("a", "v"));
        Files.createDirectory(folder.resolve("empty"));

        assertThat(error("1of3", "2of3")).isEqualTo("a shard is missing: 3/3");
        assertThat(error("2of3")).isEqualTo("shards are missing: 1/3, 3/3");
        assertThat(error("1of100"))
                .isEqualTo("shards are missing: 2/100, 3/100, 4/100, 5/100, 6/100, 7/100, 8/100, 9/100, 10/100, 11/100"
                        + " and 89 more");
        assertThat(error("2of3", "again"))
                .isEqualTo("shard 2/3 is there twice: in " + path("2of3") + " and in " + path("again"));
        assertThat(error("1of3", "same"))
                .isEqualTo("test a/x is there twice: in " + path("1of3") + " and in " + path("same"));
        assertThat(error("doubled")).isEqualTo("test a/v is there twice: in " + path("doubled"));
        assertThat(error("1of3", "1of2"))
                .isEqualTo(path("1of2") + " is a shard of 2, " + path("1of3")
                        + " is a shard of 3; merge what is of one run");
        assertThat(error("1of3", "all")).contains(" is a whole run, ").contains(" is a shard of 3");
        assertThat(error("empty"))
                .isEqualTo(folder.resolve("empty").resolve("results.json") + " cannot be read: no such file or folder");
    }

    @Test
    void aShardIsNotOverwritten() throws UserErrorException {
        shard("one", 1, 1, passed("a", "x"));

        assertThat(error("one", "--reports", path("one"))).contains("the same file; name another one");
        assertThat(ResultsFile.read(folder.resolve("one")).shard()).isEqualTo(new Shard(1, 1));
    }

    private String error(String... arguments) {
        CommandResult result = merge(arguments);
        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.output()).isEmpty();
        assertThat(result.errorLines()).hasSize(1);
        return result.errorLines().get(0).substring("pagewalk: ".length());
    }

    /** Names of folders, until an option. */
    private CommandResult merge(String... arguments) {
        List<String> all = new ArrayList<>(List.of("merge"));
        boolean areFolders = true;
        for (String argument : arguments) {
            areFolders &= !argument.startsWith("-");
            all.add(areFolders ? path(argument) : argument);
        }
        return InProcess.pagewalk(all.toArray(String[]::new));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private void shard(String name, int index, int count, TestRecord... tests) throws UserErrorException {
        write(name, new Shard(index, count), tests);
    }

    private void write(String name, Shard shard, TestRecord... tests) throws UserErrorException {
        ReportFolder.open(folder.resolve(name)).write(new Results(shard, List.of(tests)));
    }

    private static TestRecord passed(String suite, String name) {
        return ended(suite, name, TestRecord.Status.PASSED);
    }

    private static TestRecord ended(String suite, String name, TestRecord.Status status) {
        List<String> failures = status == TestRecord.Status.PASSED ? List.of() : List.of("because");
        return new TestRecord(TestRecord.id(suite, name, ""), suite, name, "", name + ".s", status, failures, null, 1);
    }
}
