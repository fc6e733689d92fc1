package dev.pagewalk.kernel.syscall;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/** Where getrandom's bytes come from: the same ones in every run, by SplitMix64 (Steele, Lea and Flood, 2014). */
public final class Randomness implements Snapshotable {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    /** Fills an array with the bytes that come next. */
    void fill(byte[] target) {
        for (int i = 0; i < target.length; i += Long.BYTES) {
            long word = next();
            for (int j = i; j < Math.min(i + Long.BYTES, target.length); j++) {
                target[j] = (byte) word;
                word >>>= Byte.SIZE;
            }
        }
    }

    private long next() {
        state += GOLDEN_GAMMA;
        long mixed = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(state);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        state = in.readLong();
    }
}
