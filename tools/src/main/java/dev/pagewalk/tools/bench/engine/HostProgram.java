package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a program of the host to its end and takes the time. */
final class HostProgram {
    /** A program that takes longer hangs. */
    private static final int LONGEST_SECONDS = 3600;

    private static final double NANOSECONDS_PER_SECOND = 1e9;
    private static final int SECONDS_PER_MINUTE = 60;

    /** The shell says last what its children have used: user and system time. */
    private static final String TIMED = "\"$@\"; status=$?; times; exit $status";

    private static final Pattern TIME = Pattern.compile("([0-9]+)m([0-9.]+)s\\s+([0-9]+)m([0-9.]+)s");

    /**
     * @param output what it has printed
     * @param processorSeconds that it has used
     * @param wallSeconds from its start to its end
     */
    record Run(String output, double processorSeconds, double wallSeconds) {}

    private HostProgram() {}

    /** The first of these that is on the PATH. */
    static Optional<String> find(String... names) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(names)
                .filter(name -> Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))))
                .findFirst();
    }

    /**
     * Runs it with nothing to read.
     *
     * @throws UserErrorException USAGE where it does not end with 0, with what it says on standard error
     */
    static Run run(List<String> command) throws UserErrorException {
        List<String> timed = new ArrayList<>(List.of("sh", "-c", TIMED, "sh"));
        timed.addAll(command);
        long start = System.nanoTime();
        String text = start(timed, command.get(0));
        double wallSeconds = (System.nanoTime() - start) / NANOSECONDS_PER_SECOND;
        List<String> lines = text.lines().toList();
        Matcher children = TIME.matcher(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        if (lines.size() < 2 || !children.matches()) {
            throw new UserErrorException(
                    ExitStatus.USAGE, "the shell does not say how long " + command.get(0) + " took");
        }
        double processorSeconds = seconds(children, 1) + seconds(children, 3);
        String output = String.join("\n", lines.subList(0, lines.size() - 2));
        return new Run(output, processorSeconds, wallSeconds);
    }

    private static double seconds(Matcher times, int group) {
        return Integer.parseInt(times.group(group)) * SECONDS_PER_MINUTE + Double.parseDouble(times.group(group + 1));
    }

    /** Runs it and gives what it prints; see above. */
    static String output(List<String> command) throws UserErrorException {
        return start(command, command.get(0));
    }

    private static String start(List<String> command, String name) throws UserErrorException {
        Path output = null;
        Path error = null;
        try {
            output = temporaryFile();
            error = temporaryFile();
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(error.toFile());
            builder.environment().put("LC_ALL", "C");
            // It would make a JVM say something on standard error.
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            Process process = builder.start();
            try {
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    throw new UserErrorException(ExitStatus.USAGE, name + " does not end");
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                String said =
                        Files.readString(error, StandardCharsets.ISO_8859_1).strip();
                throw new UserErrorException(
                        ExitStatus.USAGE,
                        name + " ends with status " + process.exitValue() + (said.isEmpty() ? "" : ": " + said));
            }
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, name + " cannot be run: " + HostFiles.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserErrorException(ExitStatus.INTERRUPTED, "interrupted");
        } finally {
            delete(output);
            delete(error);
        }
    }

    private static Path temporaryFile() throws IOException {
        Path file = Files.createTempFile("pagewalk-bench", ".txt");
        // Where an interruption ends this JVM.
        file.toFile().deleteOnExit();
        return file;
    }

    private static void delete(Path file) throws UserErrorException {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, file + ": cannot be deleted: " + HostFiles.reason(e));
        }
    }
}
