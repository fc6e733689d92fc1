package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Arrays;

/**
 * Free frames that one hart keeps at hand, so that it seldom needs its node's blocks, which all harts share (S45). All
 * are frames of the hart's own node; the lowest is given out first.
 *
 * <p>Source: Linux, mm/page_alloc.c, the per-cpu pagesets with their {@code batch} and {@code high}.
 */
final class FrameCache implements Snapshotable {
    /** How many frames go from and to the node's blocks at once. */
    static final int BATCH_FRAMES = 16;

    /** A cache that has grown to this gives a batch back. */
    static final int HIGH_WATER_FRAMES = 64;

    /** Descending, so that the lowest frame is the last one. */
    private final int[] frames = new int[HIGH_WATER_FRAMES];

    private int size;

    int size() {
        return size;
    }

    /** The lowest frame, or -1 where the cache is empty. */
    int take() {
        return size == 0 ? -1 : frames[--size];
    }

    /** Takes what the blocks have, up to a batch; for an empty cache. */
    void refill(BuddyBlocks blocks) {
        int frame = blocks.take(0);
        while (frame >= 0) {
            add(frame);
            frame = size < BATCH_FRAMES ? blocks.take(0) : -1;
        }
    }

    /** Keeps a freed frame, and gives the highest ones back where these are too many. */
    void put(int frame, BuddyBlocks blocks) {
        add(frame);
        if (size == HIGH_WATER_FRAMES) {
            giveBack(BATCH_FRAMES, blocks);
        }
    }

    /** Gives all frames back; whether there were any. */
    boolean drain(BuddyBlocks blocks) {
        boolean any = size > 0;
        giveBack(size, blocks);
        return any;
    }

    private void giveBack(int count, BuddyBlocks blocks) {
        for (int i = 0; i < count; i++) {
            blocks.giveBack(frames[i]);
        }
        System.arraycopy(frames, count, frames, 0, size - count);
        size -= count;
    }

    private void add(int frame) {
        int at = size;
        while (at > 0 && frames[at - 1] < frame) {
            frames[at] = frames[at - 1];
            at--;
        }
        frames[at] = frame;
        size++;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(size);
        Arrays.stream(frames, 0, size).forEach(out::writeInt);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        size = in.readInt();
        for (int i = 0; i < size; i++) {
            frames[i] = in.readInt();
        }
    }
}
