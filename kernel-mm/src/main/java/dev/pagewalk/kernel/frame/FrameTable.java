package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * The use of each frame and how many owners it has; backed by host memory only around frames that were given out at some
 * time. Frames are numbered from the start of RAM.
 */
final class FrameTable implements Snapshotable {
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_FRAMES = 1 << CHUNK_SHIFT;
    private static final FrameUse[] USES = FrameUse.values();

    private final int totalFrames;
    /** Per frame its use's ordinal; means nothing where it is free. */
    private final byte[][] uses;
    /** Per frame its owners, 0 where it is free. */
    private final int[][] owners;

    FrameTable(int totalFrames) {
        this.totalFrames = totalFrames;
        int chunks = (totalFrames + CHUNK_FRAMES - 1) >>> CHUNK_SHIFT;
        this.uses = new byte[chunks][];
        this.owners = new int[chunks][];
    }

    /** 0 where the frame is free. */
    int owners(int frame) {
        int[] chunk = owners[frame >>> CHUNK_SHIFT];
        return chunk == null ? 0 : chunk[frame & CHUNK_FRAMES - 1];
    }

    /** The use of a frame that has an owner. */
    FrameUse use(int frame) {
        return USES[uses[frame >>> CHUNK_SHIFT][frame & CHUNK_FRAMES - 1]];
    }

    /** Gives a free frame its first owner. */
    void give(int frame, FrameUse use) {
        put(frame, use.ordinal(), 1);
    }

    /** Changes the owners of a frame that has one; at 0 it is free. */
    void setOwners(int frame, int count) {
        owners[frame >>> CHUNK_SHIFT][frame & CHUNK_FRAMES - 1] = count;
    }

    private void put(int frame, int use, int count) {
        int chunk = frame >>> CHUNK_SHIFT;
        if (owners[chunk] == null) {
            owners[chunk] = new int[CHUNK_FRAMES];
            uses[chunk] = new byte[CHUNK_FRAMES];
        }
        uses[chunk][frame & CHUNK_FRAMES - 1] = (byte) use;
        owners[chunk][frame & CHUNK_FRAMES - 1] = count;
    }

    /** Writes runs of like frames: first frame, length, use, owners; a length of 0 ends them. */
    @Override
    public void save(ByteArrayDataOutput out) {
        int frame = nextOwned(0);
        while (frame < totalFrames) {
            int end = frame + 1;
            while (end < totalFrames && owners(end) == owners(frame) && use(end) == use(frame)) {
                end++;
            }
            out.writeInt(frame);
            out.writeInt(end - frame);
            out.writeByte(use(frame).ordinal());
            out.writeInt(owners(frame));
            frame = nextOwned(end);
        }
        out.writeInt(totalFrames);
        out.writeInt(0);
    }

    private int nextOwned(int from) {
        int frame = from;
        while (frame < totalFrames && owners(frame) == 0) {
            boolean chunkUnused = owners[frame >>> CHUNK_SHIFT] == null;
            frame = chunkUnused ? (frame | CHUNK_FRAMES - 1) + 1 : frame + 1;
        }
        return Math.min(frame, totalFrames);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int chunk = 0; chunk < owners.length; chunk++) {
            owners[chunk] = null;
            uses[chunk] = null;
        }
        int first = in.readInt();
        int length = in.readInt();
        while (length > 0) {
            int use = in.readByte();
            int count = in.readInt();
            for (int frame = first; frame < first + length; frame++) {
                put(frame, use, count);
            }
            first = in.readInt();
            length = in.readInt();
        }
    }
}
