package dev.pagewalk.devices.console;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a host stream on a thread of its own, so that nobody else stands still inside the host's read, which nothing can
 * interrupt. The thread begins with the first {@link #request}, ends with the stream and never keeps the JVM alive.
 *
 * <p>All methods may be called by any thread.
 */
final class HostReader {
    private static final int PIECE_BYTES = 8192;

    private final InputStream stream;
    private final boolean readsAhead;
    private final Runnable wakeUp;
    private final ByteQueue unread;
    private boolean started;
    private boolean requested;
    private boolean ended;
    private boolean awakened;
    private IOException failure;

    /**
     * @param stream not closed by this class
     * @param readsAhead whether it reads on as long as there is room, once asked; else once for each request
     * @param capacityBytes how much of what has come it keeps
     * @param wakeUp called on the reader's thread when bytes or the end have come
     */
    HostReader(InputStream stream, boolean readsAhead, int capacityBytes, Runnable wakeUp) {
        this.stream = stream;
        this.readsAhead = readsAhead;
        this.wakeUp = wakeUp;
        this.unread = new ByteQueue(capacityBytes);
    }

    /** Asks for a read, unless one is under way already. */
    synchronized void request() {
        requested = true;
        if (!started) {
            started = true;
            Thread thread = new Thread(this::run, "console input");
            thread.setDaemon(true);
            thread.start();
        }
        notifyAll();
    }

    /** What has come, taken out; empty where there is nothing. */
    synchronized byte[] take(int maxBytes) {
        byte[] taken = unread.take(maxBytes);
        notifyAll();
        return taken;
    }

    /** Whether everything has been taken and the stream has ended, or failed. */
    synchronized boolean isOver() {
        return ended && unread.isEmpty();
    }

    /** Why the stream has ended, said once; null where it has not failed. */
    synchronized IOException takeFailure() {
        IOException taken = failure;
        failure = null;
        return taken;
    }

    /** Lets whoever is in {@link #awaitNews} come back. */
    synchronized void wake() {
        awakened = true;
        notifyAll();
    }

    /**
     * Waits until there is something to take, or the end, or somebody calls {@link #wake}.
     *
     * @param millis the longest time; 0 for no limit
     */
    synchronized void awaitNews(long millis) {
        boolean interrupted = false;
        boolean timedOut = false;
        while (unread.isEmpty() && !ended && !awakened && !timedOut) {
            try {
                wait(millis);
                timedOut = millis > 0;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        awakened = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        IOException reason = new IOException("its reader has failed");
        try {
            byte[] piece = new byte[PIECE_BYTES];
            int room = awaitDemand();
            for (int length = read(piece, room); length >= 0; length = read(piece, room)) {
                arrived(piece, length);
                room = awaitDemand();
            }
            reason = null;
        } catch (IOException e) {
            reason = e;
        } catch (InterruptedException e) {
            reason = new IOException("interrupted");
        } finally {
            over(reason);
        }
    }

    private int read(byte[] piece, int room) throws IOException {
        return stream.read(piece, 0, Math.min(piece.length, room));
    }

    /** Returns how many bytes may come. */
    private synchronized int awaitDemand() throws InterruptedException {
        while (!requested || unread.room() == 0) {
            wait();
        }
        return unread.room();
    }

    private void arrived(byte[] piece, int length) {
        synchronized (this) {
            requested = readsAhead;
            unread.add(piece, 0, length);
            notifyAll();
        }
        wakeUp.run();
    }

    private void over(IOException reason) {
        synchronized (this) {
            ended = true;
            failure = reason;
            notifyAll();
        }
        wakeUp.run();
    }
}
