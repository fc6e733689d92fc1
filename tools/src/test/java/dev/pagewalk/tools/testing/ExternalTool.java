package dev.pagewalk.tools.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of others that a test compares with: without one it is skipped, and says so; where nothing may be skipped it fails. */
public final class ExternalTool {
    private ExternalTool() {}

    public static void require(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean installed = Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        boolean optional = System.getenv("CI") == null && !"1".equals(System.getenv("PAGEWALK_REQUIRE_TOOLS"));
        if (optional) {
            assumeThat(installed).as(name + " is not installed").isTrue();
        } else {
            assertThat(installed).as(name + " is installed").isTrue();
        }
    }
}
