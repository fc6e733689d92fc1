package dev.pagewalk.devices.console.socket;

import dev.pagewalk.devices.console.ByteQueue;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/**
 * What lies between the machine's thread and Netty's: the bytes of both directions, and the client, if there is one. Neither
 * direction ever holds more than {@link #QUEUE_BYTES}, and one piece on its way.
 */
final class ConsoleLine {
    static final int QUEUE_BYTES = 64 << 10;

    /** Bytes pass between the queues and the socket in pieces of this size at most. */
    static final int PIECE_BYTES = 8192;

    /** How long the machine waits for a client that takes nothing: so many looks. */
    private static final int STALL_LOOKS = 50;

    /** How long the end waits for the client to go first. */
    private static final int END_LOOKS = 20;

    /** The time between two looks. */
    private static final int LOOK_MILLIS = 20;

    private final Runnable wakeUp;
    private final ByteQueue received = new ByteQueue(QUEUE_BYTES);
    private final ByteQueue unsent = new ByteQueue(QUEUE_BYTES);
    private Channel client;
    /** The client sends no more; it may still listen, or be gone altogether. */
    private boolean clientIsSilent;
    /** The client is not read, because there is no room for a piece more. */
    private boolean paused;
    /** A piece is on its way to the client, or somebody is about to send one. */
    private boolean sending;
    /** The client has taken nothing for so long that nobody waits for it any more. */
    private boolean stalled;
    /** The machine has ended: what the client sends is of no interest. */
    private boolean closing;

    private long droppedBytes;

    ConsoleLine(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /**
     * A client has come.
     *
     * @return whether it has the console now; not where another one has it
     */
    boolean connect(Channel newcomer) {
        Channel former;
        synchronized (this) {
            if (closing || client != null && !clientIsSilent && !paused) {
                return false;
            }
            former = client;
            client = newcomer;
            clientIsSilent = false;
            sending = false;
            stalled = false;
        }
        if (former != null) {
            // It has shut down its half of the connection, or is not read: whether it is still there cannot be known.
            former.close();
        }
        readOn(newcomer);
        flush();
        return true;
    }

    /** A client has gone. */
    synchronized void disconnect(Channel former) {
        if (client == former) {
            client = null;
            sending = false;
            paused = false;
            notifyAll();
        }
    }

    /** A client has sent all that it will send. */
    synchronized void fallSilent(Channel speaker) {
        if (client == speaker) {
            clientIsSilent = true;
            notifyAll();
        }
    }

    /** Bytes have come from a client, which is not read on before {@link #readOn}. */
    void received(Channel speaker, byte[] bytes) {
        synchronized (this) {
            if (client != speaker || closing) {
                return;
            }
            received.add(bytes, 0, bytes.length);
        }
        wakeUp.run();
    }

    /** Lets the next piece come, where there is room for it; else {@link #take} will. */
    void readOn(Channel speaker) {
        synchronized (this) {
            if (client != speaker || clientIsSilent) {
                return;
            }
            paused = !closing && received.room() < PIECE_BYTES;
            if (paused) {
                return;
            }
        }
        speaker.read();
    }

    /** Takes what has come, for the machine. */
    byte[] take(int maxBytes) {
        byte[] taken;
        Channel waiting;
        synchronized (this) {
            taken = received.take(maxBytes);
            waiting = paused ? client : null;
        }
        if (waiting != null) {
            readOn(waiting);
        }
        return taken;
    }

    /** Sends a byte of the machine's. */
    void write(int value) {
        boolean due;
        synchronized (this) {
            if (unsent.room() == 0 && client != null && !stalled) {
                stalled = !awaitRoom();
            }
            if (unsent.room() == 0) {
                unsent.drop(1);
                droppedBytes += client == null ? 0 : 1;
            }
            unsent.add(new byte[] {(byte) value}, 0, 1);
            due = !sending && client != null && unsent.size() >= PIECE_BYTES;
        }
        if (due) {
            flush();
        }
    }

    /** Called with the lock held. */
    private boolean awaitRoom() {
        return await(STALL_LOOKS, () -> client == null || unsent.room() > 0) && unsent.room() > 0;
    }

    /** Sees to it that what is unsent is sent to the client, if there is one. */
    void flush() {
        Channel listener;
        synchronized (this) {
            if (client == null || sending || unsent.isEmpty()) {
                return;
            }
            sending = true;
            listener = client;
        }
        listener.eventLoop().execute(() -> sendPiece(listener));
    }

    /** On Netty's thread: one piece after the other, each when the one before it has gone. */
    private void sendPiece(Channel listener) {
        byte[] piece;
        synchronized (this) {
            if (client != listener) {
                return;
            }
            piece = unsent.take(PIECE_BYTES);
            sending = piece.length > 0;
            notifyAll();
        }
        if (piece.length > 0) {
            listener.writeAndFlush(Unpooled.wrappedBuffer(piece)).addListener(sent -> {
                if (sent.isSuccess()) {
                    goOn(listener);
                } else {
                    listener.close();
                }
            });
        }
    }

    private void goOn(Channel listener) {
        synchronized (this) {
            if (client == listener) {
                stalled = false;
            }
        }
        sendPiece(listener);
    }

    synchronized boolean hasClient() {
        return client != null;
    }

    synchronized long droppedBytes() {
        return droppedBytes;
    }

    /** The machine has ended: the client gets what is left and the end, as far as it takes them soon, and is gone. */
    void close() {
        flush();
        Channel last;
        synchronized (this) {
            await(STALL_LOOKS, () -> client == null || !sending);
            closing = true;
            last = client;
        }
        if (last == null) {
            return;
        }
        // Closing a socket with bytes in it that nobody has read would take from the client what it has not read yet.
        ((DuplexChannel) last).shutdownOutput();
        readOn(last);
        synchronized (this) {
            await(END_LOOKS, () -> client == null || clientIsSilent);
        }
        last.close();
    }

    /** What {@link #await} waits for. */
    private interface Condition {
        boolean holds();
    }

    /** Waits for a time, with the lock held; returns whether it holds. */
    private boolean await(int mostLooks, Condition condition) {
        try {
            for (int looks = mostLooks; looks > 0 && !condition.holds(); looks--) {
                wait(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return condition.holds();
    }
}
