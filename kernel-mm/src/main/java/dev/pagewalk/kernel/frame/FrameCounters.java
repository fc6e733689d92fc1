package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/** How many frames are free and in use, now and at most, by use and by NUMA node. */
final class FrameCounters implements Snapshotable {
    private static final int USES = FrameUse.values().length;

    private final NumaNodes nodes;
    private final int[] inUse = new int[USES];
    private final int[] peak = new int[USES];
    private final int[] inUseByNode;
    private final long[] localByNode;
    private final long[] remoteByNode;
    private int allInUse;

    FrameCounters(NumaNodes nodes) {
        this.nodes = nodes;
        this.inUseByNode = new int[nodes.count()];
        this.localByNode = new long[nodes.count()];
        this.remoteByNode = new long[nodes.count()];
    }

    /**
     * @param node where the frames lie
     * @param ofNode to whose hart they go
     */
    void givenOut(int frames, FrameUse use, int node, int ofNode) {
        allInUse += frames;
        inUse[use.ordinal()] += frames;
        peak[use.ordinal()] = Math.max(peak[use.ordinal()], inUse[use.ordinal()]);
        inUseByNode[node] += frames;
        long[] counted = node == ofNode ? localByNode : remoteByNode;
        counted[node] += frames;
    }

    void takenBack(FrameUse use, int node) {
        allInUse--;
        inUse[use.ordinal()]--;
        inUseByNode[node]--;
    }

    int freeFrames() {
        return nodes.totalFrames() - allInUse;
    }

    int inUse(FrameUse use) {
        return inUse[use.ordinal()];
    }

    int peak(FrameUse use) {
        return peak[use.ordinal()];
    }

    NodeFigures ofNode(int node) {
        int total = nodes.firstFrame(node + 1) - nodes.firstFrame(node);
        return new NodeFigures(total, total - inUseByNode[node], localByNode[node], remoteByNode[node]);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (int use = 0; use < USES; use++) {
            out.writeInt(inUse[use]);
            out.writeInt(peak[use]);
        }
        for (int node = 0; node < inUseByNode.length; node++) {
            out.writeInt(inUseByNode[node]);
            out.writeLong(localByNode[node]);
            out.writeLong(remoteByNode[node]);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        allInUse = 0;
        for (int use = 0; use < USES; use++) {
            inUse[use] = in.readInt();
            peak[use] = in.readInt();
            allInUse += inUse[use];
        }
        for (int node = 0; node < inUseByNode.length; node++) {
            inUseByNode[node] = in.readInt();
            localByNode[node] = in.readLong();
            remoteByNode[node] = in.readLong();
        }
    }
}
