package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ImageFormatException;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.InProcess;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code asm} and {@code disasm}. */
class AssemblerCommandsTest {
    @TempDir
    Path folder;

    @Test
    void aSourceBecomesAnImageThatBootsAndIsListedAndBecomesTheSameImageAgain() throws IOException {
        Path source = Files.writeString(
                folder.resolve("hello.s"), ImageCatalog.source("hello").orElseThrow());
        Path image = folder.resolve("hello.elf");
        Path listing = folder.resolve("listing.s");
        Path again = folder.resolve("again.elf");

        CommandResult assembled = InProcess.pagewalk("asm", source.toString(), "-o", image.toString());
        assertThat(assembled).isEqualTo(new CommandResult(0, "", ""));
        assertThat(PagewalkProcess.run("boot", image.toString())).isEqualTo(new CommandResult(0, "hello, world\n", ""));

        CommandResult listed = PagewalkProcess.run("disasm", image.toString());
        assertThat(listed.status()).isZero();
        assertThat(listed.error()).isEmpty();
        assertThat(listed.output()).contains("_start:").contains("ecall");

        Files.writeString(listing, listed.output());
        assertThat(InProcess.pagewalk("asm", listing.toString(), "-o", again.toString())
                        .status())
                .isZero();
        assertThat(loadedBytes(again)).isEqualTo(loadedBytes(image));
    }

    @Test
    void disasmListsAGuestOfTheCatalog() {
        CommandResult listed = PagewalkProcess.run("disasm", "sieve");

        assertThat(listed.status()).isZero();
        assertThat(listed.output()).contains("sieve:").contains("_start:");
    }

    @Test
    void everyErrorOfASourceIsALineWithItsPlace() throws IOException {
        Path source = Files.writeString(folder.resolve("bad.s"), "        addd a0, a0\n        li a99, 1\n");
        Path image = folder.resolve("bad.elf");

        CommandResult result = InProcess.pagewalk("asm", source.toString(), "-o", image.toString());

        assertThat(result.status()).isEqualTo(ExitStatus.NOT_RUNNABLE);
        assertThat(result.errorLines()).hasSize(2);
        assertThat(result.errorLines().get(0)).contains(source + ":1:");
        assertThat(result.errorLines().get(1)).contains(source + ":2:");
        assertThat(image).doesNotExist();
    }

    @Test
    void anImageThatCannotBeWrittenIsOneLine() throws IOException {
        Path source = Files.writeString(
                folder.resolve("hello.s"), ImageCatalog.source("hello").orElseThrow());

        for (Path target : new Path[] {folder, folder.resolve("missing").resolve("hello.elf")}) {
            CommandResult result = InProcess.pagewalk("asm", source.toString(), "-o", target.toString());

            assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(result.errorLines())
                    .singleElement()
                    .asString()
                    .startsWith("pagewalk: cannot write the image to " + target + ": ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void theSourceIsNeverOverwritten() throws IOException {
        String text = ImageCatalog.source("hello").orElseThrow();
        Path source = Files.writeString(folder.resolve("hello.s"), text);
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic.elf"), source);
        Path hard = Files.createLink(folder.resolve("hard.elf"), source);

        for (Path target :
                new Path[] {source, symbolic, hard, folder.resolve(".").resolve("hello.s")}) {
            CommandResult result = InProcess.pagewalk("asm", source.toString(), "-o", target.toString());

            assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(result.errorLines()).singleElement().asString().contains(target + " is the source itself");
            assertThat(source).hasContent(text);
        }
    }

    @Test
    void aSourceWithErrorsLeavesTheOldImage() throws IOException {
        Path source = Files.writeString(folder.resolve("bad.s"), "        addd a0, a0\n");
        Path image = Files.writeString(folder.resolve("old.elf"), "old");

        assertThat(InProcess.pagewalk("asm", source.toString(), "-o", image.toString())
                        .status())
                .isEqualTo(ExitStatus.NOT_RUNNABLE);

        assertThat(image).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.old*");
    }

    @Test
    void anImageIsReplacedAsAWholeAndThroughALink() throws IOException {
        Path source = Files.writeString(
                folder.resolve("hello.s"), ImageCatalog.source("hello").orElseThrow());
        Path image = Files.writeString(folder.resolve("old.elf"), "old");
        Path reader = Files.createLink(folder.resolve("reader"), image);
        Path link = Files.createSymbolicLink(folder.resolve("link.elf"), image);

        assertThat(InProcess.pagewalk("asm", source.toString(), "-o", link.toString()))
                .isEqualTo(new CommandResult(0, "", ""));

        assertThat(link).isSymbolicLink();
        assertThat(loadedBytes(image)).isNotEmpty();
        assertThat(reader).as("what somebody has open").hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void aMissingSourceIsAMissingFileNotAMissingGuest() {
        Path source = folder.resolve("nosuch.s");

        CommandResult result = InProcess.pagewalk(
                "asm", source.toString(), "-o", folder.resolve("x.elf").toString());

        assertThat(result).isEqualTo(new CommandResult(127, "", "pagewalk: " + source + ": no such file\n"));
    }

    private static String loadedBytes(Path file) throws IOException {
        try {
            ElfImage image = ElfReader.read(Files.readAllBytes(file));
            StringBuilder text = new StringBuilder(Long.toHexString(image.entryPoint()));
            image.segments()
                    .forEach(segment -> text.append('\n')
                            .append(Long.toHexString(segment.virtualAddress()))
                            .append(' ')
                            .append(segment.memorySizeBytes())
                            .append(' ')
                            .append(HexFormat.of().formatHex(bytes(segment.bytes()))));
            return text.toString();
        } catch (ImageFormatException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
