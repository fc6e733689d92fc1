package dev.pagewalk.tools.testing;

import dev.pagewalk.tools.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command in a JVM of its own, as the launcher starts it: with real streams, signals and an exit status. */
public final class PagewalkProcess implements AutoCloseable {
    /** Only a command that hangs takes as long; it is killed then, so that the test fails rather than waits. */
    private static final int LONGEST_SECONDS = 120;

    private static final int POLL_MILLISECONDS = 5;

    private final Process process;
    private final Path error;

    private PagewalkProcess(Process process, Path error) {
        this.process = process;
        this.error = error;
    }

    /** Runs a command to its end; its standard input is empty. */
    public static CommandResult run(String... arguments) {
        return run(new byte[0], arguments);
    }

    /** Runs a command to its end, with variables of the environment that the test does not have; its standard input is empty. */
    public static CommandResult run(Map<String, String> environment, String... arguments) {
        try (PagewalkProcess started = start(ProcessBuilder.Redirect.PIPE, environment, arguments)) {
            started.closeInput();
            return started.result();
        }
    }

    /** Runs a command to its end, its standard input a pipe with these bytes. */
    public static CommandResult run(byte[] input, String... arguments) {
        try (PagewalkProcess started = start(arguments)) {
            started.write(input);
            started.closeInput();
            return started.result();
        }
    }

    /** Runs a command to its end, its standard input a file. */
    public static CommandResult runWithFile(Path input, String... arguments) {
        try (PagewalkProcess started = start(ProcessBuilder.Redirect.from(input.toFile()), arguments)) {
            return started.result();
        }
    }

    /** Starts a command whose standard input and output are pipes to the test. */
    public static PagewalkProcess start(String... arguments) {
        return start(ProcessBuilder.Redirect.PIPE, arguments);
    }

    private static PagewalkProcess start(ProcessBuilder.Redirect input, String... arguments) {
        return start(input, Map.of(), arguments);
    }

    private static PagewalkProcess start(
            ProcessBuilder.Redirect input, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx1g"));
        command.addAll(agents());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        try {
            Path error = Files.createTempFile("pagewalk-stderr", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectInput(input).redirectError(error.toFile());
            // It would make the JVM say something on standard error.
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            builder.environment().putAll(environment);
            Process process = builder.start();
            CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
            return new PagewalkProcess(process, error);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever watches these tests, as the coverage profile does, watches their commands too. */
    private static List<String> agents() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent:"))
                .toList();
    }

    /** Writes to its standard input; a command that does not read to the end is no error. */
    public void write(byte[] bytes) {
        try {
            OutputStream stream = process.getOutputStream();
            stream.write(bytes);
            stream.flush();
        } catch (IOException e) {
            // It has closed its end.
        }
    }

    public void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has closed its end.
        }
    }

    /** Closes the reading end of its standard output. */
    public void closeOutput() {
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has written this text on standard output. */
    public void awaitOutput(String text) {
        try {
            InputStream stream = process.getInputStream();
            byte[] bytes = stream.readNBytes(text.length());
            String read = new String(bytes, StandardCharsets.UTF_8);
            if (!read.equals(text)) {
                throw new AssertionError(
                        "expected '" + text + "' on standard output, not '" + read + "'; " + Files.readString(error));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a line of its standard error matches as a whole, and gives the match. */
    public Matcher awaitErrorLine(Pattern line) {
        try {
            while (true) {
                boolean ended = !process.isAlive();
                for (String written : completeLines(Files.readString(error))) {
                    Matcher matcher = line.matcher(written);
                    if (matcher.matches()) {
                        return matcher;
                    }
                }
                if (ended) {
                    throw new AssertionError(
                            "it ended without the line '" + line + "' on standard error: " + Files.readString(error));
                }
                Thread.sleep(POLL_MILLISECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> completeLines(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Sends a signal, such as INT. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for its end; the output is what was not read before. */
    public CommandResult result() {
        try {
            String output = readOutput();
            return new CommandResult(process.waitFor(), output, Files.readString(error));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String readOutput() throws IOException {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // The test has closed it.
            return "";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(error);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
