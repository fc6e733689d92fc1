package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * The free blocks of one NUMA node, by order: a block of order k is {@code 2^k} frames at a multiple of its own length,
 * counted from the start of RAM. Little host memory is taken where little of the node was ever given out.
 *
 * <p>Source: D. E. Knuth, The Art of Computer Programming, volume 1, section 2.5, "buddy system".
 */
final class BuddyBlocks implements Snapshotable {
    /** 2^24 frames are 64 GiB, the largest RAM. */
    static final int MAX_ORDER = 24;

    private final int firstFrame;
    /** Per order its free blocks, by their number among the node's blocks of that order. */
    private final FrameSet[] freeByOrder = new FrameSet[MAX_ORDER + 1];

    /** All frames of {@code [firstFrame, endFrame)} are free. */
    BuddyBlocks(int firstFrame, int endFrame) {
        this.firstFrame = firstFrame;
        for (int order = 0; order <= MAX_ORDER; order++) {
            freeByOrder[order] = new FrameSet((endFrame - 1 >>> order) - (firstFrame >>> order) + 1);
        }
        int frame = firstFrame;
        while (frame < endFrame) {
            int alignment = frame == 0 ? MAX_ORDER : Integer.numberOfTrailingZeros(frame);
            int fits = 31 - Integer.numberOfLeadingZeros(endFrame - frame);
            int order = Math.min(alignment, fits);
            freeByOrder[order].add(blockNumber(frame, order));
            frame += 1 << order;
        }
    }

    /** Takes the lowest block of the smallest order that fits, split as needed: its first frame, or -1. */
    int take(int order) {
        int from = order;
        while (from <= MAX_ORDER && freeByOrder[from].size() == 0) {
            from++;
        }
        if (from > MAX_ORDER) {
            return -1;
        }
        int number = freeByOrder[from].first();
        freeByOrder[from].remove(number);
        int frame = number + (firstFrame >>> from) << from;
        while (from > order) {
            from--;
            freeByOrder[from].add(blockNumber(frame + (1 << from), from));
        }
        return frame;
    }

    /** Gives one frame back and unites buddies as far as they are free. */
    void giveBack(int frame) {
        int block = frame;
        int order = 0;
        // A buddy in another node is not in the set, so blocks never grow across the border.
        while (order < MAX_ORDER && freeByOrder[order].remove(blockNumber(block ^ 1 << order, order))) {
            block &= ~(1 << order);
            order++;
        }
        freeByOrder[order].add(blockNumber(block, order));
    }

    /** How many blocks of an order are free. */
    int count(int order) {
        return freeByOrder[order].size();
    }

    private int blockNumber(int frame, int order) {
        return (frame >>> order) - (firstFrame >>> order);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (FrameSet blocks : freeByOrder) {
            out.writeInt(blocks.size());
            blocks.forEach(out::writeInt);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (FrameSet blocks : freeByOrder) {
            blocks.clear();
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                blocks.add(in.readInt());
            }
        }
    }
}
