package dev.pagewalk.devices.console;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Takes the console's input from a host stream, such as standard input, synchronously: {@link #next} waits until there
 * is a byte or the end.
 *
 * <p>From the first snapshot on it keeps the bytes that it delivers, so that a later {@code restore} delivers them
 * again. Used by the machine's thread alone, but for {@link #waiting}.
 */
public final class StreamConsoleInput implements ConsoleInput {
    private static final int BUFFER_BYTES = 8192;
    private static final long NOT_LOGGING = -1;

    private final InputStream stream;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int bufferStart;
    private int bufferEnd;
    private boolean ended;
    private volatile boolean waiting;

    /** Bytes delivered. */
    private long position;
    /** Bytes taken from the stream and its buffer: beyond {@link #position} only after a restore. */
    private long fetched;
    /** The position of the log's first byte; the log reaches up to {@link #fetched}. */
    private long logStart = NOT_LOGGING;

    private byte[] log = {};

    /** The stream is not closed by this class. */
    public StreamConsoleInput(InputStream stream) {
        this.stream = stream;
    }

    @Override
    public int next() {
        if (position == fetched) {
            int value = fetch();
            if (value == NONE) {
                return NONE;
            }
            position++;
            return value;
        }
        return log[(int) (position++ - logStart)] & 0xFF;
    }

    @Override
    public boolean mayWait() {
        return position == fetched && bufferStart == bufferEnd && !ended;
    }

    /**
     * Whether the machine's thread is inside the host's read just now: an interruption of the run has to end without it.
     * Safe to call from any thread.
     */
    public boolean waiting() {
        return waiting;
    }

    /** The next byte of the stream, appended to the log where there is one. */
    private int fetch() {
        if (bufferStart == bufferEnd) {
            fill();
        }
        if (ended) {
            return NONE;
        }
        byte value = buffer[bufferStart++];
        if (logStart != NOT_LOGGING) {
            int length = Math.toIntExact(fetched - logStart);
            if (length == log.length) {
                log = Arrays.copyOf(log, Math.max(64, length * 2));
            }
            log[length] = value;
        }
        fetched++;
        return value & 0xFF;
    }

    private void fill() {
        if (ended) {
            return;
        }
        waiting = true;
        try {
            int length = stream.read(buffer);
            bufferStart = 0;
            bufferEnd = Math.max(length, 0);
            ended = length < 0;
        } catch (IOException e) {
            ended = true;
            throw new ConsoleClosedException("cannot read console input", e);
        } finally {
            waiting = false;
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        startLog();
        out.writeLong(position);
    }

    /**
     * Goes to a position that was saved. Forward of what was read, as in a fresh process, the host's bytes up to there
     * are read and dropped.
     *
     * @throws IllegalStateException where the host's input has fewer bytes, or the position lies before the first
     *     snapshot that this object took
     */
    @Override
    public void restore(ByteArrayDataInput in) {
        long target = in.readLong();
        if (target < position && (logStart == NOT_LOGGING || target < logStart)) {
            throw new IllegalStateException(
                    "console input before byte " + (logStart == NOT_LOGGING ? position : logStart)
                            + " was not kept, but the snapshot is at byte " + target);
        }
        while (fetched < target) {
            if (fetch() == NONE) {
                throw new IllegalStateException(
                        "console input ends at byte " + fetched + ", but the snapshot is at byte " + target);
            }
        }
        position = target;
        startLog();
    }

    private void startLog() {
        if (logStart == NOT_LOGGING) {
            logStart = position;
        }
    }
}
