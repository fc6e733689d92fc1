package dev.pagewalk.devices.console;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Takes the console's input from a host stream, such as a file or a pipe, synchronously: {@link #next} waits until there is
 * a byte or the end. The stream is read only when the guest asks for more than has been read.
 *
 * <p>Whoever has to stay responsive while the host is silent asks {@link #wouldWait} before the guest reads, and waits by
 * {@link #awaitLine}.
 *
 * <p>From the first snapshot on it keeps the bytes that it delivers, so that a later {@code restore} delivers them
 * again. Used by the machine's thread alone, but for {@link #waiting} and {@link #wake}.
 */
public final class StreamConsoleInput implements ConsoleInput {
    /** The most that {@link #awaitLine} can have ready: more than a console read ever takes. */
    public static final int MAX_AWAITED_BYTES = 64 << 10;

    private static final int READER_BYTES = 8192;
    private static final long LOOK_MILLIS = 20;
    private static final long NOT_LOGGING = -1;

    private final HostReader reader;

    /** What has come from the host and not been delivered. */
    private final ByteQueue ahead = new ByteQueue(MAX_AWAITED_BYTES + READER_BYTES);

    private boolean ended;
    private volatile boolean waiting;

    /** Bytes delivered. */
    private long position;
    /** Bytes taken from {@link #ahead}: beyond {@link #position} only after a restore. */
    private long fetched;
    /** The position of the log's first byte; the log reaches up to {@link #fetched}. */
    private long logStart = NOT_LOGGING;

    private byte[] log = {};

    /** The stream is not closed by this class. */
    public StreamConsoleInput(InputStream stream) {
        this.reader = new HostReader(stream, false, READER_BYTES, () -> {});
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
    public boolean ended() {
        return ended && position == fetched;
    }

    @Override
    public boolean mayWait() {
        return position == fetched && ahead.isEmpty() && !ended;
    }

    /**
     * Whether the machine's thread is waiting for the host just now: an interruption of the run has to end without it.
     * Safe to call from any thread.
     */
    public boolean waiting() {
        return waiting;
    }

    /**
     * Whether a read of one line, or of {@code maxBytes} where the line is longer, would have to wait for the host. Where a
     * read has failed, it would not: it fails.
     *
     * @param maxBytes at least 1; beyond {@link #MAX_AWAITED_BYTES} it counts as that
     */
    public boolean wouldWait(int maxBytes) {
        takeAhead();
        return !ended && !reader.isOver() && !hasLine(Math.min(maxBytes, MAX_AWAITED_BYTES));
    }

    /**
     * Waits until {@link #wouldWait} is false.
     *
     * @param maxBytes as there
     * @param giveUp looked at every few milliseconds, and at each {@link #wake}; what has come until then is kept
     * @return whether the read may go on; false where {@code giveUp} said so
     */
    public boolean awaitLine(int maxBytes, BooleanSupplier giveUp) {
        waiting = true;
        try {
            while (wouldWait(maxBytes)) {
                if (giveUp.getAsBoolean()) {
                    return false;
                }
                reader.request();
                reader.awaitNews(LOOK_MILLIS);
            }
            return true;
        } finally {
            waiting = false;
        }
    }

    /** Lets {@link #awaitLine} look at once whether it is to give up. Safe to call from any thread. */
    public void wake() {
        reader.wake();
    }

    private boolean hasLine(int maxBytes) {
        int logged = (int) (fetched - position);
        for (int i = 0; i < Math.min(logged, maxBytes); i++) {
            if (log[(int) (position - logStart) + i] == '\n') {
                return true;
            }
        }
        return logged + ahead.size() >= maxBytes || ahead.contains('\n', maxBytes - logged);
    }

    /** The next byte of the stream, appended to the log where there is one. */
    private int fetch() {
        if (ahead.isEmpty()) {
            fill();
        }
        if (ahead.isEmpty()) {
            return NONE;
        }
        byte value = (byte) ahead.take();
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

    /** Waits for the host, unless the stream has ended. */
    private void fill() {
        if (ended) {
            return;
        }
        waiting = true;
        try {
            takeAhead();
            while (ahead.isEmpty() && !reader.isOver()) {
                reader.request();
                reader.awaitNews(0);
                takeAhead();
            }
        } finally {
            waiting = false;
        }
        if (ahead.isEmpty()) {
            ended = true;
            IOException failure = reader.takeFailure();
            if (failure != null) {
                throw new ConsoleClosedException("cannot read console input", failure);
            }
        }
    }

    private void takeAhead() {
        byte[] come = reader.take(ahead.room());
        ahead.add(come, 0, come.length);
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
