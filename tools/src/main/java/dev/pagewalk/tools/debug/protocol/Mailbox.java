package dev.pagewalk.tools.debug.protocol;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What clients have done and the machine's thread has not yet seen.
 *
 * <p>Its bound is kept by those who put: when it is full they stop reading from the socket, so that only what has been
 * read already is added.
 */
final class Mailbox {
    static final int CAPACITY = 64;

    private final BlockingQueue<ClientMessage> messages = new LinkedBlockingQueue<>();
    private final Runnable wakeUp;
    private ClientMessage lastPut;

    Mailbox(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    void put(ClientMessage message) {
        lastPut = message;
        messages.add(message);
        wakeUp.run();
    }

    /** As {@link #put}; several in a row are one. */
    void putInterrupt() {
        if (messages.isEmpty() || !(lastPut instanceof ClientMessage.InterruptRequested)) {
            put(new ClientMessage.InterruptRequested());
        }
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    boolean isFull() {
        return messages.size() >= CAPACITY;
    }

    boolean isHalfEmpty() {
        return messages.size() <= CAPACITY / 2;
    }

    ClientMessage poll() {
        return messages.poll();
    }

    ClientMessage poll(long timeout, TimeUnit unit) throws InterruptedException {
        return messages.poll(timeout, unit);
    }

    ClientMessage take() throws InterruptedException {
        return messages.take();
    }
}
