package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code boot --framebuffer}: the picture is there however the run ends, or one line says why not. */
class PictureTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "hello, 0, ''",
        "wild-pointer, 139, ''",
        "sieve 1000000 --max-cycles 100000, 124, stopped after",
    })
    void aPictureIsWrittenHoweverTheRunEnds(String guest, int status, String reason) throws IOException {
        Path file = folder.resolve("picture.png");

        CommandResult result = PagewalkProcess.run(("boot --framebuffer " + file + " " + guest).split(" "));

        assertThat(result.status()).isEqualTo(status);
        assertThat(result.error()).contains(reason);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo(640);
        assertThat(picture.getHeight()).isEqualTo(480);
    }

    /** The set is black and its own mirror image; what is outside has no black in it near the edges. */
    @Test
    @Tag("S8")
    void thePictureIsWhatTheGuestDrew() throws IOException {
        Path file = folder.resolve("picture.png");

        CommandResult result = PagewalkProcess.run("boot", "framebuffer", "--framebuffer", file.toString());

        assertThat(result).isEqualTo(new CommandResult(0, "640 x 480 pixels, checksum 0b05f6681ba6200d\n", ""));
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getRGB(440, 240)).isEqualTo(0xFF00_0000);
        assertThat(picture.getRGB(240, 240)).isEqualTo(0xFF00_0000);
        for (int x = 0; x < 640; x++) {
            assertThat(picture.getRGB(x, 0) & 0xFF).isGreaterThan(100);
            for (int y = 0; y < 240; y++) {
                assertThat(picture.getRGB(x, y)).isEqualTo(picture.getRGB(x, 479 - y));
            }
        }
    }

    @Test
    void withoutTheOptionTheGuestFindsNoScreen() {
        CommandResult result = PagewalkProcess.run("boot", "framebuffer");

        assertThat(result)
                .isEqualTo(new CommandResult(1, "there is no /dev/fb0; boot with --framebuffer FILE.png\n", ""));
    }

    @Test
    void anOldPictureIsReplacedAsAWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("picture.png"), "x".repeat(1_000_000));
        Path other = folder.resolve("other.png");

        PagewalkProcess.run("boot", "hello", "--framebuffer", file.toString());
        PagewalkProcess.run("boot", "hello", "--framebuffer", other.toString());

        assertThat(file).hasSameBinaryContentAs(other);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, other);
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedBeforeTheGuestRuns() {
        CommandResult result = PagewalkProcess.run("boot", "hello", "--framebuffer", folder.toString());

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.output()).isEmpty();
        assertThat(result.errorLines())
                .containsExactly("pagewalk: cannot write the picture to " + folder + ": it is a folder");
    }

    /** The guest waits for input while the folder goes. */
    @Test
    void aFileThatCannotBeWrittenAtTheEndIsOneLineAndTheStatisticsStillCome() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Path file = pictures.resolve("picture.png");
        Path stats = folder.resolve("stats.json");
        try (PagewalkProcess process = PagewalkProcess.start(
                "boot", "echo", "--framebuffer", file.toString(), "--stats-file", stats.toString())) {
            process.write("running\n".getBytes(StandardCharsets.UTF_8));
            process.awaitOutput("running\n");
            Files.delete(pictures);
            process.closeInput();

            CommandResult result = process.result();

            assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(result.errorLines())
                    .singleElement()
                    .asString()
                    .startsWith("pagewalk: cannot write the picture to " + file + ": ");
            assertThat(stats).exists();
        }
    }
}
