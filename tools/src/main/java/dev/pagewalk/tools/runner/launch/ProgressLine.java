package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.report.TestRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar on the last line of a terminal, below what is printed meanwhile.
 *
 * <p>What is printed to {@link #out} and what the bar draws, from a thread of its own, exclude each other.
 */
public final class ProgressLine implements SuiteObserver, AutoCloseable {
    private static final int UPDATE_INTERVAL_MILLIS = 200;
    private static final int WIDTH_COLUMNS = 79;
    private static final String ERASE_LINE = "\r\u001B[K";

    private final PrintStream terminal;
    private final PrintStream out;
    private final ProgressBar bar;
    private String drawn = "";
    private int failed;

    /**
     * @param terminal where the bar is drawn
     * @param out where results are printed, perhaps the same terminal
     */
    public ProgressLine(PrintStream terminal, PrintStream out) {
        this.terminal = terminal;
        this.out = new PrintStream(new LinesAboveBar(out), false, StandardCharsets.UTF_8);
        this.bar = new ProgressBarBuilder()
                .setTaskName("tests")
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_INTERVAL_MILLIS)
                .setMaxRenderedLength(WIDTH_COLUMNS)
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH_COLUMNS))
                .build();
    }

    /** Where results are to be printed. */
    public PrintStream out() {
        return out;
    }

    @Override
    public void planned(int tests) {
        bar.maxHint(tests);
    }

    @Override
    public void started() {}

    @Override
    public void finished(TestRecord test) {
        if (test.status() == TestRecord.Status.FAILED) {
            failed++;
            bar.setExtraMessage(" " + failed + " failed");
        }
        bar.step();
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        bar.close();
        synchronized (this) {
            terminal.print(ERASE_LINE);
            terminal.flush();
            drawn = "";
        }
    }

    private synchronized void draw(String text) {
        drawn = text.strip();
        terminal.print(ERASE_LINE + drawn);
        terminal.flush();
    }

    private synchronized void printAbove(PrintStream stream, byte[] text) {
        terminal.print(ERASE_LINE);
        terminal.flush();
        stream.write(text, 0, text.length);
        stream.flush();
        terminal.print(drawn);
        terminal.flush();
    }

    /** Collects what is printed until it is flushed, as {@link ResultTree} does after each result. */
    private final class LinesAboveBar extends ByteArrayOutputStream {
        private final PrintStream stream;

        LinesAboveBar(PrintStream stream) {
            this.stream = stream;
        }

        @Override
        public void flush() {
            if (size() > 0) {
                printAbove(stream, toByteArray());
                reset();
            }
        }
    }
}
