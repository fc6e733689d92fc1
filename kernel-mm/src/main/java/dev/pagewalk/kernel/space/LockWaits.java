package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/** Counts the times that somebody had to wait for the {@link SpaceLock} of his address space. */
public final class LockWaits implements Snapshotable {
    private long count;
    private long cycles;
    private long longestCycles;

    /** Notes a time of waiting; none is not counted. */
    public void note(long waitedCycles) {
        if (waitedCycles > 0) {
            count++;
            cycles += waitedCycles;
            longestCycles = Math.max(longestCycles, waitedCycles);
        }
    }

    public long count() {
        return count;
    }

    /** All waiting together. */
    public long cycles() {
        return cycles;
    }

    public long longestCycles() {
        return longestCycles;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(count);
        out.writeLong(cycles);
        out.writeLong(longestCycles);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        count = in.readLong();
        cycles = in.readLong();
        longestCycles = in.readLong();
    }
}
