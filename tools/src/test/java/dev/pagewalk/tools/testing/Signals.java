package dev.pagewalk.tools.testing;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests that interrupt processes depend on. */
public final class Signals {
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
    private static final int SIGINT_BIT = 1 << 2 - 1;

    private Signals() {}

    /** Who is started in the background by a shell without job control inherits that SIGINT is ignored. */
    public static void assumeInterruptsArrive() throws IOException {
        if (Files.exists(PROCESS_STATUS)) {
            String ignored = Files.readAllLines(PROCESS_STATUS).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .findFirst()
                    .orElse("0");
            assumeFalse((Long.parseUnsignedLong(ignored, 16) & SIGINT_BIT) != 0, "SIGINT is ignored here");
        }
    }
}
