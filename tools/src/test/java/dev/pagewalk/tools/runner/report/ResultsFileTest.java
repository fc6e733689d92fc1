package dev.pagewalk.tools.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code results.json} gives back what was written, and says what is wrong with what it has not written. */
class ResultsFileTest {
    private static final String TEST =
            "{'id':'s/t','suite':'s','name':'t','variant':'','image':'t.s','status':'passed',"
                    + "'duration_millis':1,'failures':[],'statistics':null}";

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws UserErrorException {
        Results results = new Results(
                new Shard(2, 3),
                List.of(
                        SampleRecords.passed("a/b", "c", "harts=2,fork=eager", SampleRecords.statistics(12_345)),
                        SampleRecords.failed("a", "\u0001\"\u00fc", "one\ntwo\u001b[0m", "<b>&\ud83d\ude00"),
                        SampleRecords.skipped("a", "z", "not here")));

        ReportFolder.open(folder).write(results);

        assertThat(ResultsFile.read(folder)).isEqualTo(results);
    }

    @Test
    void aRunThatIsNotDividedHasNoShard() throws UserErrorException, IOException {
        ReportFolder.open(folder).write(new Results(null, SampleRecords.many(3, 1)));

        assertThat(ResultsFile.read(folder).shard()).isNull();
        JsonNode root =
                new ObjectMapper().readTree(folder.resolve("results.json").toFile());
        assertThat(root.get("format").intValue()).isEqualTo(1);
        assertThat(root.get("shard").isNull()).isTrue();
        assertThat(root.get("tests").size()).isEqualTo(3);
        assertThat(folder.resolve("results.json")).content().as("a line each").hasLineCount(5);
    }

    @Test
    void thereMayBeNoFile() {
        assertThatExceptionOfType(UserErrorException.class)
                .isThrownBy(() -> ResultsFile.read(folder))
                .withMessage(folder.resolve("results.json") + " cannot be read: no such file or folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "TEXT | is not JSON: ",
                "{} {} | is not JSON: ",
                "[] | holds no results of 'pagewalk test --reports'",
                "{'format':1,'shard':null} | holds no results of 'pagewalk test --reports'",
                "{'format':2,'tests':[]} | has format 2; this Pagewalk knows format 1",
                "{'format':1,'tests':[]} | 'shard' is no shard: 'index' is no number",
                "{'format':1,'shard':{'index':3,'count':2},'tests':[]} | 'shard' is no shard: there is no shard 3/2",
                "{'format':1,'shard':{'index':9999999999,'count':2},'tests':[]} | 'index' is no number",
                "{'format':1,'shard':null,'tests':[1]} | test 1 is no result: 'id' is no text",
                "{'format':1,'shard':null,'tests':[TEST,{}]} | test 2 is no result: 'id' is no text",
            })
    void whatIsNoResultIsSaidSo(String content, String reason) throws IOException {
        Path file = folder.resolve("results.json");
        Files.writeString(file, content.replace("TEST", TEST).replace('\'', '"'));

        assertThatExceptionOfType(UserErrorException.class)
                .isThrownBy(() -> ResultsFile.read(folder))
                .withMessageStartingWith(file + " ")
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE));
    }

    @ParameterizedTest
    @CsvSource({"passed, failed", "passed, lost", "[], ['x']", "1, -1", "1, 1.5"})
    void aTestThatCannotHaveEndedSoIsNoResult(String part, String broken) throws IOException {
        String content = "{\"format\":1,\"shard\":null,\"tests\":[" + TEST + "]}";
        String wrong = content.replace("':" + part, "':" + broken).replace("'" + part + "'", "'" + broken + "'");
        assertThat(wrong).isNotEqualTo(content);
        Files.writeString(folder.resolve("results.json"), wrong.replace('\'', '"'));

        assertThatExceptionOfType(UserErrorException.class)
                .isThrownBy(() -> ResultsFile.read(folder))
                .withMessageContaining("test 1 is no result: ");
    }

    @Test
    void aRecordSaysWhyItsTestFailedAndAPassedOneSaysNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> SampleRecords.failed("a", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Shard(0, 2));
        assertThat(TestRecord.id("a/b", "c", "")).isEqualTo("a/b/c");
        assertThat(SampleRecords.passed("a/b", "c", "harts=2", null).id()).isEqualTo("a/b/c[harts=2]");
    }
}
