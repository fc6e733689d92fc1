package dev.pagewalk.tools.debug.sessions;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A debugger with its terminal in the test's hands: lines go in, and the test waits for text to come out. */
final class DebuggerProcess implements AutoCloseable {
    /** Only a session that hangs takes as long; it fails then, with all that was said, rather than wait. */
    private static final int LONGEST_SECONDS = 90;

    private static final int KILL_SECONDS = 5;

    private final Process process;
    private final OutputStream input;
    private final Object arrival = new Object();
    private final StringBuilder said = new StringBuilder();
    private final StringBuilder transcript = new StringBuilder();
    private boolean ended;

    DebuggerProcess(Path folder, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("TERM", "dumb");
        builder.environment().put("LC_ALL", "C");
        builder.environment().remove("DEBUGINFOD_URLS");
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        input = process.getOutputStream();
        Thread reader = new Thread(this::read, "debugger output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] bytes = new byte[4096];
        try (InputStream output = process.getInputStream()) {
            for (int length = output.read(bytes); length >= 0; length = output.read(bytes)) {
                synchronized (arrival) {
                    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
                    said.append(text);
                    transcript.append(text);
                    arrival.notifyAll();
                }
            }
        } catch (IOException e) {
            // It has been killed.
        }
        synchronized (arrival) {
            ended = true;
            arrival.notifyAll();
        }
    }

    /** How much it has said so far, in characters: where a later {@link #await} begins to look. */
    int position() {
        synchronized (arrival) {
            return said.length();
        }
    }

    void type(String line) {
        try {
            synchronized (arrival) {
                transcript.append(line).append('\n');
            }
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new AssertionError("the debugger has gone; it said:\n" + transcript(), e);
        }
    }

    /** Waits for {@code text} behind {@code from}, and gives what stands between. */
    String await(String text, int from) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        synchronized (arrival) {
            while (true) {
                int found = said.indexOf(text, from);
                if (found >= 0) {
                    return said.substring(from, found);
                }
                if (ended) {
                    throw new AssertionError(
                            "the debugger has ended while the test waits for '" + text + "'; it said:\n" + transcript);
                }
                waitForArrival(end, "'" + text + "'");
            }
        }
    }

    private void waitForArrival(long end, String what) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            throw new AssertionError(
                    "the debugger hangs while the test waits for " + what + "; it said:\n" + transcript);
        }
        try {
            arrival.wait(left);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until it has ended, and gives all that it has said. */
    String awaitEnd() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        synchronized (arrival) {
            while (!ended) {
                waitForArrival(end, "its end");
            }
            return said.toString();
        }
    }

    /** What Ctrl-C does. */
    void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All that was typed and said. */
    String transcript() {
        synchronized (arrival) {
            return transcript.toString();
        }
    }

    /** There is nobody who types any more. */
    void closeInput() {
        try {
            input.close();
        } catch (IOException e) {
            // It has gone already.
        }
    }

    /** Ends it as a closed terminal does, and by force if it does not care. */
    @Override
    public void close() {
        closeInput();
        try {
            if (!process.waitFor(KILL_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
