package dev.pagewalk.images.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.ExternalTool;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the guests on another RISC-V Linux, where it is installed: they must do there what they must do here. */
class GuestsUnderQemuTest {
    private static final String QEMU = "qemu-riscv64";

    static List<String> names() {
        List<String> names = new ArrayList<>(ImageCatalog.names());
        // What QEMU's user mode (7.2) does otherwise than Linux.
        names.remove("counters"); // rdinstret is the host's clock
        names.remove("exec-chain"); // execve asks the host, which cannot run the image
        names.remove("debug-fork"); // the same
        names.remove("hole-punch"); // MAP_FIXED_NOREPLACE is a hint
        names.remove("framebuffer"); // it would draw on the host's screen, if there is one
        return names;
    }

    @ParameterizedTest
    @MethodSource("names")
    void aGuestDoesWhatItsExpectationSaysExceptForOurKernelsOwnLine(String name, @TempDir Path folder)
            throws Exception {
        ExternalTool.require(QEMU);
        Expectation expectation =
                ExpectationReader.parse(name, ImageCatalog.expectation(name).orElseThrow(), folder);
        Path image = folder.resolve(name);
        Files.write(image, ImageCatalog.image(name).orElseThrow().toByteArray());
        assertThat(image.toFile().setExecutable(true)).isTrue();
        Path input = Files.writeString(folder.resolve("input"), expectation.stdin());
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(QEMU, image.toString()));
        command.addAll(expectation.args());

        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).isEqualTo(expectation.exit());
        String console = Files.readString(output, StandardCharsets.UTF_8);
        String pattern = expectation
                .consoleMatches()
                .map(Pattern::pattern)
                .orElseGet(() ->
                        Pattern.quote(withoutKernelLine(expectation.console().orElseThrow())));
        assertThat(console).matches(withoutKernelLine(pattern));
    }

    private static String withoutKernelLine(String text) {
        return text.replaceFirst("(?s)\\\\?\\[KERN.*", "");
    }
}
