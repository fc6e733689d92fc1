package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.tools.testing.ManyHartsRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every guest for several harts gives the same statistics, byte for byte, and the same console, however often it runs and
 * whatever the host is like. Each JVM runs them all, on a machine for each shootdown policy.
 */
class ManyHartsDeterminismTest {
    /** Names a JDK to compare with; without it one beside the running one is looked for. */
    private static final String SECOND_JDK = "PAGEWALK_SECOND_JDK";

    private static final int FIRST_VERSION = 17;
    private static final int LONGEST_SECONDS = 300;
    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"((\\d+)[^\"]*)\"");

    private static final String OWN_JDK = System.getProperty("java.home");

    @TempDir
    static Path folder;

    private static String expected;

    private static String runs(String jdk, String collector, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(jdk, "bin", "java").toString(),
                collector,
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                ManyHartsRuns.class.getName()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(folder, "runs", ".txt");
            Path error = Files.createTempFile(folder, "error", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(error.toFile());
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            Process process = builder.start();
            try {
                assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as(Files.readString(error)).isZero();
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    static void runOnce() {
        expected = runs(OWN_JDK, "-XX:+UseSerialGC", ManyHartsRuns.TWICE);
    }

    @Test
    void everyGuestHasRun() {
        assertThat(ManyHartsRuns.guests()).contains("shootdown-storm", "cow-race", "barrier");
        assertThat(ManyHartsRuns.guests())
                .allSatisfy(guest -> assertThat(expected).contains("== " + guest + " on "));
        assertThat(expected).contains("\"policy\" : \"latr\"").doesNotContain("\"host\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseParallelGC", "-XX:+UseG1GC"})
    void theGarbageCollectorChangesNothing(String collector) {
        assertThat(runs(OWN_JDK, collector)).isEqualTo(expected);
    }

    @Test
    void aBusyHostChangesNothing() {
        assertThat(runs(OWN_JDK, "-XX:+UseG1GC", ManyHartsRuns.BUSY)).isEqualTo(expected);
    }

    @Test
    void anotherJdkChangesNothing() {
        Optional<Path> other = secondJdk();
        assumeTrue(
                other.isPresent(),
                "a second JDK, " + FIRST_VERSION + " or later, beside the running one or named by " + SECOND_JDK);
        assertThat(runs(other.get().toString(), "-XX:+UseSerialGC"))
                .as("%s", other.get())
                .isEqualTo(expected);
    }

    private static Optional<Path> secondJdk() {
        Map<String, String> environment = System.getenv();
        if (environment.containsKey(SECOND_JDK)) {
            return Optional.of(Path.of(environment.get(SECOND_JDK)));
        }
        try (Stream<Path> installed =
                Files.list(Path.of(OWN_JDK).toAbsolutePath().getParent())) {
            return installed
                    .sorted()
                    .filter(ManyHartsDeterminismTest::isAnotherJdk)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAnotherJdk(Path home) {
        try {
            Matcher release = RELEASE.matcher(Files.readString(home.resolve("release")));
            return Files.isExecutable(home.resolve("bin").resolve("java"))
                    && release.find()
                    && Integer.parseInt(release.group(2)) >= FIRST_VERSION
                    && !release.group(1).equals(System.getProperty("java.version"));
        } catch (IOException e) {
            // It has no such file: no JDK.
            return false;
        }
    }
}
