package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * The frames without owners: blocks in each NUMA node, and some at hand in each hart's cache.
 *
 * <p>A lone frame comes from the hart's cache, which is refilled from the hart's node; where that has none left, from the
 * next nodes in ring order; where no node has any, from the other harts' caches.
 */
final class FreeFrames implements Snapshotable {
    /** Who takes and gives frames while no hart runs: it has no cache and belongs to the first node. */
    static final int NO_HART = -1;

    private final NumaNodes nodes;
    private final BuddyBlocks[] blocksByNode;
    private final FrameCache[] cacheByHart;

    /** All frames are free, and none are cached. */
    FreeFrames(NumaNodes nodes) {
        this.nodes = nodes;
        blocksByNode = new BuddyBlocks[nodes.count()];
        for (int node = 0; node < blocksByNode.length; node++) {
            blocksByNode[node] = new BuddyBlocks(nodes.firstFrame(node), nodes.firstFrame(node + 1));
        }
        cacheByHart = new FrameCache[nodes.harts()];
        for (int hart = 0; hart < cacheByHart.length; hart++) {
            cacheByHart[hart] = new FrameCache();
        }
    }

    /** A frame for a hart, or -1 where none is free. */
    int take(int hart) {
        if (hart == NO_HART) {
            return takeBlock(0, 0);
        }
        FrameCache cache = cacheByHart[hart];
        int frame = cache.take();
        return frame >= 0 ? frame : takeSlow(cache, nodes.ofHart(hart));
    }

    private int takeSlow(FrameCache cache, int node) {
        cache.refill(blocksByNode[node]);
        int frame = cache.take();
        return frame >= 0 ? frame : takeBlock(0, node);
    }

    /** The first of {@code 2^order} frames in a row, of a node if possible; or -1 where there is no such block. */
    int takeBlock(int order, int node) {
        int first = takeBlockInRing(order, node);
        return first < 0 && drainCaches() ? takeBlockInRing(order, node) : first;
    }

    private int takeBlockInRing(int order, int node) {
        int first = -1;
        for (int distance = 0; distance < blocksByNode.length && first < 0; distance++) {
            first = blocksByNode[(node + distance) % blocksByNode.length].take(order);
        }
        return first;
    }

    private boolean drainCaches() {
        boolean any = false;
        for (int hart = 0; hart < cacheByHart.length; hart++) {
            any |= cacheByHart[hart].drain(blocksByNode[nodes.ofHart(hart)]);
        }
        return any;
    }

    /** Takes back a frame that a hart frees. */
    void giveBack(int frame, int hart) {
        int node = nodes.ofFrame(frame);
        if (hart == NO_HART || nodes.ofHart(hart) != node) {
            blocksByNode[node].giveBack(frame);
        } else {
            cacheByHart[hart].put(frame, blocksByNode[node]);
        }
    }

    /** How many blocks of an order a node has free. */
    int blocks(int node, int order) {
        return blocksByNode[node].count(order);
    }

    int cached(int hart) {
        return cacheByHart[hart].size();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (BuddyBlocks blocks : blocksByNode) {
            blocks.save(out);
        }
        for (FrameCache cache : cacheByHart) {
            cache.save(out);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (BuddyBlocks blocks : blocksByNode) {
            blocks.restore(in);
        }
        for (FrameCache cache : cacheByHart) {
            cache.restore(in);
        }
    }
}
