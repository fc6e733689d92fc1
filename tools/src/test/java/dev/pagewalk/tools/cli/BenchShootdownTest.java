package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchShootdownTest {
    @TempDir
    Path folder;

    private CommandResult bench(Path output, String... options) {
        List<String> arguments = new ArrayList<>(List.of("bench", "shootdown"));
        arguments.addAll(List.of(options));
        arguments.add("--output=" + output);
        return InProcess.pagewalk(arguments.toArray(String[]::new));
    }

    @Test
    void theTablesArePrintedAndTheFilesWrittenIntoANewFolder() throws IOException {
        Path output = folder.resolve("new").resolve("figures");

        CommandResult result = bench(output, "--policies=latr,lazy,latr", "--harts=1", "--pages=2,1");

        assertThat(result.status()).as(result.error()).isZero();
        assertThat(result.output())
                .startsWith("munmap of 1 page, u74: ")
                .containsSubsequence("latr", "lazy", "munmap of 2 pages, u74: ", "The same of 1 page");
        try (Stream<Path> files = Files.list(output)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("munmap.csv", "munmap-by-harts-1.svg", "munmap-by-harts-2.svg");
        }
        assertThat(Files.readAllLines(output.resolve("munmap.csv"))).hasSize(1 + 2 * 2);
        assertThat(output.resolve("munmap-by-harts-2.svg")).content().contains("<svg");
    }

    @Test
    void anotherRunReplacesTheFilesByTheSame() throws IOException {
        CommandResult first = bench(folder, "--policies=lazy", "--harts=1", "--pages=1");
        String csv = Files.readString(folder.resolve("munmap.csv"));

        assertThat(bench(folder, "--policies=lazy", "--harts=1", "--pages=1").output())
                .isEqualTo(first.output());
        assertThat(folder.resolve("munmap.csv")).hasContent(csv);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--policies=nosuch | no shootdown policy 'nosuch'; there are broadcast, ",
                "--policies= | no shootdown policy ''",
                "--profile=nosuch | nosuch",
                "--harts=0 | --harts takes 1 to 64, not 0",
                "--harts=60-65 | --harts takes 1 to 64, not 65",
                "--harts=x | 'x' are no numbers; write them as 1,2,4 or 1-16",
                "--harts=1, | '1,' are no numbers",
                "--harts= | '' are no numbers",
                "--harts=4-2 | '4-2' is no range",
                "--harts=-1 | '-1' are no numbers",
                "--pages=65537 | --pages takes 1 to 65536, not 65537",
                "--pages=1-999999999 | is no range",
                "--pages=99999999999 | are no numbers",
                "more | more",
            })
    void wrongUsageIsOneLineAndMakesNoFolder(String option, String reason) {
        Path output = folder.resolve("figures");

        CommandResult result = bench(output, option);

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.errorLines()).hasSize(1);
        assertThat(result.error()).contains(reason);
        assertThat(output).doesNotExist();
    }

    @Test
    void aPlaceThatIsNoFolderIsRefusedBeforeAnythingRuns() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");

        CommandResult result = bench(file, "--harts=1");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.error()).contains("cannot write figures to " + file);
        assertThat(result.output()).isEmpty();
    }

    @Test
    void helpNamesTheOptionsAndThePolicies() {
        CommandResult help = InProcess.pagewalk("bench", "shootdown", "--help");

        assertThat(help.status()).isZero();
        assertThat(help.output())
                .contains("--profile", "--policies", "--harts", "--pages", "--output")
                .contains(ShootdownPolicies.names());
        assertThat(InProcess.pagewalk("bench", "--help").output()).contains("shootdown");
    }
}
