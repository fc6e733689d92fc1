package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import it.unimi.dsi.fastutil.ints.IntRBTreeSet;

/**
 * The free blocks of a buddy allocator, by order: a block of order k is {@code 2^k} frames at a multiple of its own
 * length. Its memory grows with the number of free blocks, not with RAM.
 */
final class BuddyBlocks implements Snapshotable {
    /** 2^24 frames are 64 GiB, the largest RAM. */
    static final int MAX_ORDER = 24;

    private final IntRBTreeSet[] freeByOrder = new IntRBTreeSet[MAX_ORDER + 1];

    BuddyBlocks(int totalFrames) {
        for (int order = 0; order <= MAX_ORDER; order++) {
            freeByOrder[order] = new IntRBTreeSet();
        }
        int frame = 0;
        while (frame < totalFrames) {
            int alignment = frame == 0 ? MAX_ORDER : Integer.numberOfTrailingZeros(frame);
            int fits = 31 - Integer.numberOfLeadingZeros(totalFrames - frame);
            int order = Math.min(alignment, fits);
            freeByOrder[order].add(frame);
            frame += 1 << order;
        }
    }

    /** Takes the lowest block of the smallest order that fits, split as needed: its first frame, or -1. */
    int take(int order) {
        int from = order;
        while (from <= MAX_ORDER && freeByOrder[from].isEmpty()) {
            from++;
        }
        if (from > MAX_ORDER) {
            return -1;
        }
        int block = freeByOrder[from].firstInt();
        freeByOrder[from].remove(block);
        while (from > order) {
            from--;
            freeByOrder[from].add(block + (1 << from));
        }
        return block;
    }

    /** Gives one frame back and unites buddies as far as they are free. */
    void giveBack(int frame) {
        int block = frame;
        int order = 0;
        while (order < MAX_ORDER && freeByOrder[order].remove(block ^ 1 << order)) {
            block &= ~(1 << order);
            order++;
        }
        freeByOrder[order].add(block);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (IntRBTreeSet blocks : freeByOrder) {
            out.writeInt(blocks.size());
            blocks.forEach(out::writeInt);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (IntRBTreeSet blocks : freeByOrder) {
            blocks.clear();
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                blocks.add(in.readInt());
            }
        }
    }
}
