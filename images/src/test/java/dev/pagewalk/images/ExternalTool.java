package dev.pagewalk.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Runs tools of the RISC-V tool chain where they are installed, to compare with. */
public final class ExternalTool {
    private ExternalTool() {}

    /** The test is skipped where one of these is not on the path; where nothing may be skipped it fails. */
    public static void require(String... names) {
        boolean optional = System.getenv("CI") == null && !"1".equals(System.getenv("PAGEWALK_REQUIRE_TOOLS"));
        for (String name : names) {
            if (optional) {
                assumeThat(exists(name)).as(name + " is not installed").isTrue();
            } else {
                assertThat(exists(name)).as(name + " is installed").isTrue();
            }
        }
    }

    private static boolean exists(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(System.getProperty("path.separator")))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** Runs a command in {@code folder} and gives what it prints; fails unless it exits with 0. */
    public static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
