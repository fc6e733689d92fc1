package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/** Ranges of addresses that harts may still have cached although nothing is mapped there any more. */
public final class ParkedRanges implements Snapshotable {
    private final LongArrayList starts = new LongArrayList();
    private final LongArrayList ends = new LongArrayList();

    public boolean isEmpty() {
        return starts.isEmpty();
    }

    /** Whether any address in {@code [start, end)} is parked. */
    public boolean overlaps(long start, long end) {
        return endOfOverlap(start, end) >= 0;
    }

    /** The end of a parked range that has addresses in {@code [start, end)}, or -1 where there is none. */
    public long endOfOverlap(long start, long end) {
        for (int i = 0; i < starts.size(); i++) {
            if (starts.getLong(i) < end && start < ends.getLong(i)) {
                return ends.getLong(i);
            }
        }
        return -1;
    }

    void add(long start, long end) {
        starts.add(start);
        ends.add(end);
    }

    /** Removes a range that was added; where it was added twice, one of them. */
    void remove(long start, long end) {
        for (int i = 0; i < starts.size(); i++) {
            if (starts.getLong(i) == start && ends.getLong(i) == end) {
                starts.removeLong(i);
                ends.removeLong(i);
                return;
            }
        }
        throw new IllegalStateException(String.format("0x%x to 0x%x is not parked", start, end));
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        LongLists.save(starts, out);
        LongLists.save(ends, out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        LongLists.restore(starts, in);
        LongLists.restore(ends, in);
    }
}
