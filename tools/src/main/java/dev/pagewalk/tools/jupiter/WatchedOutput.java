package dev.pagewalk.tools.jupiter;

import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.tools.run.GuestsUnderTest;
import java.util.Arrays;

/** Console output that is kept, and that stops the guest when a text has come. */
final class WatchedOutput implements ConsoleOutput {
    private final CapturedConsoleOutput captured = new CapturedConsoleOutput(GuestsUnderTest.MOST_CONSOLE_BYTES);
    private final Runnable stop;

    /** Null where nobody waits for one. */
    private byte[] awaited;

    /** The last bytes, as many as the text has that is waited for, in a ring. */
    private byte[] last = {};

    private int lastCount;
    private boolean hasCome;
    private int printedBytes;

    /** What has been printed and waited for before. */
    private int seen;

    /** @param stop asks the machine to stop at the next instruction boundary */
    WatchedOutput(Runnable stop) {
        this.stop = stop;
    }

    /** Waits for a text behind the one that was waited for last. Returns whether it is there already. */
    boolean await(byte[] text) {
        awaited = text.clone();
        last = new byte[awaited.length];
        lastCount = 0;
        hasCome = awaited.length == 0;
        byte[] before = captured.bytes();
        for (int i = seen; i < before.length && !hasCome; i++) {
            look(before[i], i + 1);
        }
        return hasCome;
    }

    boolean hasCome() {
        return hasCome;
    }

    /** Nobody waits any more. */
    void forget() {
        awaited = null;
    }

    private void look(byte value, int printed) {
        last[lastCount++ % last.length] = value;
        if (lastCount < last.length) {
            return;
        }
        int first = lastCount % last.length;
        boolean isSame = Arrays.equals(awaited, 0, last.length - first, last, first, last.length)
                && Arrays.equals(awaited, last.length - first, last.length, last, 0, first);
        if (isSame) {
            hasCome = true;
            seen = printed;
        }
    }

    @Override
    public void write(int value) {
        captured.write(value);
        printedBytes++;
        if (captured.truncated()) {
            stop.run();
        } else if (awaited != null && !hasCome) {
            look((byte) value, printedBytes);
            if (hasCome) {
                stop.run();
            }
        }
    }

    @Override
    public void flush() {
        // Who reads it reads it whole.
    }

    String text() {
        return captured.text();
    }

    /** Whether more was printed than is kept. */
    boolean overflows() {
        return captured.truncated();
    }
}
