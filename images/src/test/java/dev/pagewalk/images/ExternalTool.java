package dev.pagewalk.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Runs tools of the RISC-V tool chain where they are installed, to compare with. */
public final class ExternalTool {
    private ExternalTool() {}

    /** Whether {@code name} is on the path. */
    public static boolean exists(String name) {
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
