package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/** What is known of each frame; backed by host memory only around frames that were given out at some time. */
final class FrameTable implements Snapshotable {
    private static final int CHUNK_SHIFT = 16;
    private static final int CHUNK_FRAMES = 1 << CHUNK_SHIFT;
    private static final FrameUse[] USES = FrameUse.values();

    /** Per frame 0 where it is free, else its use's ordinal + 1. */
    private final byte[][] uses;

    FrameTable(int totalFrames) {
        uses = new byte[(totalFrames + CHUNK_FRAMES - 1) >>> CHUNK_SHIFT][];
    }

    /** The use of a frame that has been given out, or null where it is free. */
    FrameUse use(int frame) {
        byte[] chunk = uses[frame >>> CHUNK_SHIFT];
        int use = chunk == null ? 0 : chunk[frame & CHUNK_FRAMES - 1];
        return use == 0 ? null : USES[use - 1];
    }

    void give(int frame, FrameUse use) {
        byte[] chunk = uses[frame >>> CHUNK_SHIFT];
        if (chunk == null) {
            chunk = new byte[CHUNK_FRAMES];
            uses[frame >>> CHUNK_SHIFT] = chunk;
        }
        chunk[frame & CHUNK_FRAMES - 1] = (byte) (use.ordinal() + 1);
    }

    void takeBack(int frame) {
        uses[frame >>> CHUNK_SHIFT][frame & CHUNK_FRAMES - 1] = 0;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (byte[] chunk : uses) {
            boolean anyGiven = chunk != null && anyGiven(chunk);
            out.writeBoolean(anyGiven);
            if (anyGiven) {
                out.write(chunk);
            }
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int i = 0; i < uses.length; i++) {
            uses[i] = null;
            if (in.readBoolean()) {
                uses[i] = new byte[CHUNK_FRAMES];
                in.readFully(uses[i]);
            }
        }
    }

    private static boolean anyGiven(byte[] chunk) {
        for (byte use : chunk) {
            if (use != 0) {
                return true;
            }
        }
        return false;
    }
}
