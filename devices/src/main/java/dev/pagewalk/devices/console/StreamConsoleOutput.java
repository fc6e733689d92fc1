package dev.pagewalk.devices.console;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Sends the console to a host stream, such as standard output.
 *
 * <p>Bytes reach the stream when {@link #flush} is called, which the UART does before it waits for input and the wiring
 * when the machine stops, and whenever 8 KiB are pending. Used by the machine's thread alone.
 */
public final class StreamConsoleOutput implements ConsoleOutput {
    static final int BUFFER_BYTES = 8192;

    private final OutputStream stream;
    private final byte[] pending = new byte[BUFFER_BYTES];
    private int pendingBytes;
    private boolean closed;

    /** The stream is not closed by this class. */
    public StreamConsoleOutput(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) {
        if (closed) {
            return;
        }
        pending[pendingBytes++] = (byte) value;
        if (pendingBytes == BUFFER_BYTES) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (closed || pendingBytes == 0) {
            return;
        }
        int length = pendingBytes;
        pendingBytes = 0;
        try {
            stream.write(pending, 0, length);
            stream.flush();
        } catch (IOException e) {
            closed = true;
            throw new ConsoleClosedException("cannot write console output", e);
        }
    }
}
