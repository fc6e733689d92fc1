package dev.pagewalk.tools.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** QEMU's user mode. */
final class Qemu implements Computer {
    static final String COMMAND = "qemu-riscv64";
    private static final int LIMIT_SECONDS = 60;

    private final Path image;
    private final Path output;

    /** @param folder for the guest and for what it writes */
    Qemu(Path folder) {
        image = folder.resolve("random");
        output = folder.resolve("output");
    }

    @Override
    public Outcome run(String source) {
        try {
            Files.write(image, Emulator.assemble(source).toByteArray());
            if (!image.toFile().setExecutable(true)) {
                throw new AssertionError(image + " cannot be made executable");
            }
            Process process = new ProcessBuilder(COMMAND, image.toString())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("QEMU does not end");
            }
            return new Outcome(Files.readAllBytes(output), process.exitValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
