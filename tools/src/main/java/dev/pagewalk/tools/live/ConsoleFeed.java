package dev.pagewalk.tools.live;

import dev.pagewalk.devices.console.HostInputSource;
import dev.pagewalk.devices.console.QueuedConsoleInput;
import dev.pagewalk.devices.console.StreamConsoleInput;
import dev.pagewalk.tools.history.GuestHistory;
import dev.pagewalk.tools.history.RecordedInput;
import java.util.function.BooleanSupplier;

/** Hands a guest what comes to its console from the host, in the machine's thread, between two instructions. */
public final class ConsoleFeed {
    /** Null where nothing comes by itself. */
    private final HostInputSource source;

    private final QueuedConsoleInput queue;

    /** Null where the guest does not wait for a stream. */
    private final StreamConsoleInput stream;

    private ConsoleFeed(HostInputSource source, QueuedConsoleInput queue, StreamConsoleInput stream) {
        this.source = source;
        this.queue = queue;
        this.stream = stream;
    }

    /** Of a console whose input is all known. */
    public static ConsoleFeed ofNothing() {
        return new ConsoleFeed(null, null, null);
    }

    /** Of a console whose input comes when it likes. */
    public static ConsoleFeed of(HostInputSource source, QueuedConsoleInput queue) {
        return new ConsoleFeed(source, queue, null);
    }

    /** Of a console whose input the guest waits for. */
    public static ConsoleFeed of(StreamConsoleInput stream) {
        return new ConsoleFeed(null, null, stream);
    }

    /** Lets what has come reach the guest, as far as there is room. */
    void feed(GuestHistory history) {
        if (source == null) {
            return;
        }
        byte[] bytes = source.take(queue.room());
        if (bytes.length > 0) {
            history.intervene(new RecordedInput.ConsoleBytes(bytes));
        } else if (source.isOver() && !queue.isHungUp()) {
            history.intervene(new RecordedInput.ConsoleHangUp());
        }
    }

    /** Whether a guest that waits for input may get some by itself. */
    boolean mayBring() {
        return source != null && !queue.isHungUp();
    }

    /** Whether the guest is to stand still until the host has so much input, or a line. */
    boolean wouldWait(int bytes) {
        return stream != null && stream.wouldWait(bytes);
    }

    /** Waits for that, or until somebody wants something else. */
    void await(int bytes, BooleanSupplier giveUp) {
        stream.awaitLine(bytes, giveUp);
    }

    /** Whether the machine's thread waits for the stream just now; any thread. */
    public boolean isWaiting() {
        return stream != null && stream.waiting();
    }
}
