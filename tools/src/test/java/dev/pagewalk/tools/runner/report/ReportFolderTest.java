package dev.pagewalk.tools.runner.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports are there as a whole or not at all. */
class ReportFolderTest {
    private static final Results RESULTS = new Results(null, SampleRecords.many(2, 1));

    @TempDir
    Path folder;

    @Test
    void theFolderIsMadeAndHoldsTheReportsOnly() throws UserErrorException, IOException {
        Path deep = folder.resolve("a").resolve("b");
        ReportFolder reports = ReportFolder.open(deep);
        reports.write(RESULTS);
        reports.write(RESULTS);

        try (Stream<Path> files = Files.list(deep)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("TEST-pagewalk.xml", "index.html", "results.json");
        }
    }

    @Test
    void aFullDiskIsOneErrorThatNamesTheFile() throws UserErrorException, IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this host has no device that is always full");
        Files.createSymbolicLink(folder.resolve("index.html"), full);

        ReportFolder reports = ReportFolder.open(folder);

        assertThatExceptionOfType(UserErrorException.class)
                .isThrownBy(() -> reports.write(RESULTS))
                .withMessageStartingWith("cannot write reports to " + folder.resolve("index.html") + ": No space left");
        assertThat(ResultsFile.read(folder)).as("written before").isEqualTo(RESULTS);
        Files.delete(folder.resolve("index.html"));
    }

    @Test
    void whereNothingCanBeWrittenIsSaidBeforeTheRun() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Files.createDirectory(folder.resolve("index.html"));

        for (Path place : new Path[] {file, file.resolve("deeper"), folder}) {
            assertThatExceptionOfType(UserErrorException.class)
                    .isThrownBy(() -> ReportFolder.open(place))
                    .withMessageStartingWith("cannot write reports to " + place);
        }
    }
}
