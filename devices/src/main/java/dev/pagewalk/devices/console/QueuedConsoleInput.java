package dev.pagewalk.devices.console;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/**
 * Input that arrives when it likes, from a terminal, a socket or a log that is replayed: whoever runs the machine hands it
 * over, on the machine's thread, while the machine stands at an instruction boundary. When it arrives counts by that
 * position alone.
 *
 * <p>Its state is what the guest has not consumed yet, and whether the line is hung up. It holds {@link #CAPACITY_BYTES} at
 * most: what finds no room stays with the host, which asks {@link #room} first.
 */
public final class QueuedConsoleInput implements ConsoleInput {
    /** How much can be there that the guest has not consumed. */
    public static final int CAPACITY_BYTES = 64 << 10;

    private final ByteQueue unread = new ByteQueue(CAPACITY_BYTES);
    private final Runnable askedInVain;
    private ArrivalObserver observer = nowCycle -> {};
    private boolean hungUp;

    /** Input of which nobody at the host learns that it is wanted. */
    public QueuedConsoleInput() {
        this(() -> {});
    }

    /**
     * @param askedInVain called on the machine's thread, in the middle of a kernel step, each time when the guest asks while
     *     nothing is there and the end has not come: the host may begin to read, or come to hand over what found no room. It
     *     must not touch the machine, beyond asking it to stop
     */
    public QueuedConsoleInput(Runnable askedInVain) {
        this.askedInVain = askedInVain;
    }

    @Override
    public void observeArrivals(ArrivalObserver whoIsTold) {
        observer = whoIsTold;
    }

    /** How many bytes may be handed over now; 0 where none or where the line is hung up. */
    public int room() {
        return hungUp ? 0 : unread.room();
    }

    /**
     * Bytes arrive.
     *
     * @param bytes up to {@link #room} of them; none is no arrival
     * @param nowCycle the time that the machine has come to, in cycles
     * @throws IllegalArgumentException where there is no room for all of them
     * @throws IllegalStateException where the line is hung up
     */
    public void receive(byte[] bytes, long nowCycle) {
        if (hungUp) {
            throw new IllegalStateException("the console's input has been hung up");
        }
        if (bytes.length > 0) {
            unread.add(bytes, 0, bytes.length);
            observer.arrived(nowCycle);
        }
    }

    /**
     * Nothing will come after what has come. Hanging up again changes nothing.
     *
     * @param nowCycle as in {@link #receive}
     */
    public void hangUp(long nowCycle) {
        if (!hungUp) {
            hungUp = true;
            observer.arrived(nowCycle);
        }
    }

    /** Whether nothing will come any more. */
    public boolean isHungUp() {
        return hungUp;
    }

    /** Whether the line is hung up and everything has been consumed. */
    public boolean atEnd() {
        return hungUp && unread.isEmpty();
    }

    @Override
    public int next() {
        int value = unread.take();
        if (value == NONE && !hungUp) {
            askedInVain.run();
        }
        return value;
    }

    @Override
    public boolean ended() {
        return atEnd();
    }

    @Override
    public boolean mayWait() {
        return unread.isEmpty() && !hungUp;
    }

    @Override
    public boolean hasArrived() {
        return !unread.isEmpty();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeBoolean(hungUp);
        out.writeInt(unread.size());
        out.write(unread.first(unread.size()));
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        hungUp = in.readBoolean();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        unread.clear();
        unread.add(bytes, 0, bytes.length);
    }
}
