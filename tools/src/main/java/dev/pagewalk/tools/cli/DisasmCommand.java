package dev.pagewalk.tools.cli;

import dev.pagewalk.images.listing.ImageListing;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.ImageSource;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "disasm",
        mixinStandardHelpOptions = true,
        description = "Lists an image as assembly, which assembles to the same bytes again.",
        footer = {"", "Example:", "  pagewalk disasm hello"})
final class DisasmCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IMAGE", description = "a catalog name, an ELF file, or an assembly source")
    String image;

    @Override
    public Integer call() throws UserErrorException {
        var elf = ImageSource.load(image);
        try (Writer out = new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8))) {
            ImageListing.write(elf, out);
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, "cannot write the listing: " + HostFiles.reason(e));
        }
        return 0;
    }
}
