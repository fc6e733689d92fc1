package dev.pagewalk.kernel.device;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * The console as processes see it: a terminal in canonical mode, which gives its input line by line. What has arrived of a
 * line that is not complete is kept here, for whoever reads next.
 *
 * <p>How the host's writer cut its output into pieces does not show. Unlike Linux's terminal, a reader whose buffer is full
 * does not wait for the rest of the line. Source: termios(3), "Canonical and noncanonical mode".
 */
public final class Terminal implements Snapshotable {
    /** The result of a read of a line that is not complete. */
    public static final int WOULD_WAIT = -1;

    /** The length of a line: Linux, drivers/tty/n_tty.c, {@code N_TTY_BUF_SIZE}. */
    public static final int LINE_BYTES = 4096;

    private final ConsoleDriver console;
    /** No line feed is in it between reads. */
    private final byte[] line = new byte[LINE_BYTES];

    private int lineLength;

    public Terminal(ConsoleDriver console) {
        this.console = console;
    }

    /** Begins to listen for what arrives by itself. */
    public void start() {
        console.enableInterrupts();
    }

    /** The device has interrupted: returns whether readers had better look again. */
    public boolean hasNews() {
        return console.isInterrupting();
    }

    /** How much of a line is here already that no reader has got. */
    public int keptBytes() {
        return lineLength;
    }

    /**
     * Reads up to a line: until a line feed, the end of the input, or {@code length} bytes, at most {@link #LINE_BYTES}.
     *
     * @return the number of bytes, 0 at the end of input; {@link #WOULD_WAIT} where neither of these has come
     */
    public int read(byte[] target, int length) {
        int limit = Math.min(length, LINE_BYTES);
        boolean complete = lineLength >= limit;
        while (!complete && console.isReceiving()) {
            byte received = console.receive();
            line[lineLength++] = received;
            complete = received == '\n' || lineLength == limit;
        }
        if (!complete && console.hasCarrier()) {
            return WOULD_WAIT;
        }
        int count = Math.min(limit, lineLength);
        System.arraycopy(line, 0, target, 0, count);
        lineLength -= count;
        System.arraycopy(line, count, line, 0, lineLength);
        return count;
    }

    /** Sends bytes. */
    public void write(byte[] source, int length) {
        console.write(source, 0, length);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(lineLength);
        out.write(line, 0, lineLength);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        lineLength = in.readInt();
        in.readFully(line, 0, lineLength);
    }
}
