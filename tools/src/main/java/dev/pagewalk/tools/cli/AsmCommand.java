package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.ImageSource;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "asm",
        mixinStandardHelpOptions = true,
        description = "Assembles a source into an ELF file.",
        footer = {"", "Example:", "  pagewalk asm guest.s -o guest.elf"})
final class AsmCommand implements Callable<Integer> {
    /** What is written, for messages. */
    private static final String IMAGE = "the image";

    @Parameters(index = "0", paramLabel = "FILE.s", description = "an assembly source in GNU syntax")
    Path source;

    @Option(names = "-o", required = true, paramLabel = "FILE.elf", description = "the ELF file to write")
    Path target;

    @Override
    public Integer call() throws UserErrorException {
        if (!ImageSource.isAssembly(source.toString())) {
            throw new UserErrorException(
                    ExitStatus.USAGE, "'" + source + "' is no source: an assembly source's name ends in .s or .S");
        }
        if (!Files.exists(source)) {
            throw new UserErrorException(ExitStatus.NO_SUCH_IMAGE, source + ": no such file");
        }
        requireOtherTarget();
        HostFiles.requireWritable(target, IMAGE);
        HostFiles.write(target, ImageSource.loadFile(source.toString()).toByteArray(), IMAGE);
        return 0;
    }

    private void requireOtherTarget() throws UserErrorException {
        try {
            if (Files.exists(target) && Files.isSameFile(source, target)) {
                throw new UserErrorException(
                        ExitStatus.USAGE, target + " is the source itself, which would be lost; name another file");
            }
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, target + ": cannot be looked at: " + HostFiles.reason(e));
        }
    }
}
