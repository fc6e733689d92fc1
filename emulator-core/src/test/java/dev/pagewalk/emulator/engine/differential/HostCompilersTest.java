package dev.pagewalk.emulator.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.emulator.testing.OtherJdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random programs come to the same states whatever the host makes of regions: in JVMs of their own, with one compiler or the other,
 * of this JDK and another. Programs go on for longer here, so that regions are compiled.
 */
class HostCompilersTest {
    private static final String FIRST_ONLY = "-XX:TieredStopAtLevel=1";
    private static final String SECOND_ONLY = "-XX:-TieredCompilation";
    private static final String COMPILE_ALL = "-Xcomp";

    private static final int PROGRAMS = 60;
    private static final int LENGTH = 8;
    private static final int NIGHTLY_PROGRAMS = 1500;
    private static final int NIGHTLY_LENGTH = 40;
    private static final int COMPILED_PROGRAMS = 100;
    private static final int LONGEST_MINUTES = 30;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {FIRST_ONLY, SECOND_ONLY})
    void programsComeToTheSameStatesUnderEitherCompiler(String option) {
        compare(own(), option, 50_000, PROGRAMS, LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {FIRST_ONLY, SECOND_ONLY})
    void programsComeToTheSameStatesUnderEitherCompilerOfAnotherJdk(String option) {
        compare(other(), option, 60_000, PROGRAMS, LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {FIRST_ONLY, SECOND_ONLY})
    @Tag("nightly")
    void manyProgramsComeToTheSameStatesUnderEitherCompiler(String option) {
        compare(own(), option, 70_000, NIGHTLY_PROGRAMS, NIGHTLY_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {FIRST_ONLY, SECOND_ONLY})
    @Tag("nightly")
    void manyProgramsComeToTheSameStatesUnderEitherCompilerOfAnotherJdk(String option) {
        compare(other(), option, 80_000, NIGHTLY_PROGRAMS, NIGHTLY_LENGTH);
    }

    @Test
    @Tag("nightly")
    void programsComeToTheSameStatesWhereEverythingIsCompiledAtOnce() {
        compare(own(), COMPILE_ALL, 90_000, COMPILED_PROGRAMS, 1);
    }

    private static Path own() {
        return Path.of(System.getProperty("java.home"));
    }

    private static Path other() {
        Optional<Path> other = OtherJdk.find();
        assumeTrue(other.isPresent(), "a second JDK beside the running one or named by " + OtherJdk.VARIABLE);
        return other.get();
    }

    private void compare(Path jdk, String option, long firstSeed, int programs, int length) {
        List<String> command = new ArrayList<>(List.of(
                jdk.resolve("bin").resolve("java").toString(),
                option,
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                ProgramRuns.class.getName()));
        command.addAll(List.of(Long.toString(firstSeed), Integer.toString(programs), Integer.toString(length)));
        try {
            Path output = folder.resolve("output.txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            // It would make the JVM say something.
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            Process process = builder.start();
            try {
                assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            assertThat(Files.readString(output)).contains(programs + " programs");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
