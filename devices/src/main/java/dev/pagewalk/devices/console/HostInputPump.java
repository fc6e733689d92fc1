package dev.pagewalk.devices.console;

import java.io.IOException;
import java.io.InputStream;

/**
 * The host end of a terminal: reads ahead on a thread of its own, up to 64 KiB, so that what is typed arrives at a machine
 * that runs, and nobody waits for who types. The stream's end is final.
 *
 * <p>It begins to read with {@link #start}: a job in the background that never wants input is not stopped by its terminal
 * for reading it.
 */
public final class HostInputPump implements HostInputSource {
    private static final int CAPACITY_BYTES = 64 << 10;

    private final HostReader reader;

    /**
     * @param stream not closed by this class
     * @param wakeUp as {@link HostInputSource} has it
     */
    public HostInputPump(InputStream stream, Runnable wakeUp) {
        this.reader = new HostReader(stream, true, CAPACITY_BYTES, wakeUp);
    }

    /** Begins to read; once more changes nothing. Any thread may call this. */
    public void start() {
        reader.request();
    }

    @Override
    public byte[] take(int maxBytes) {
        byte[] taken = reader.take(maxBytes);
        if (taken.length == 0 && reader.isOver()) {
            IOException failure = reader.takeFailure();
            if (failure != null) {
                throw new ConsoleClosedException("cannot read console input", failure);
            }
        }
        return taken;
    }

    @Override
    public boolean isOver() {
        return reader.isOver();
    }
}
