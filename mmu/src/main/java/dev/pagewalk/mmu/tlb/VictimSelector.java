package dev.pagewalk.mmu.tlb;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/** The replacement state of one TLB or walk cache: stamps, pointers and the random generator. */
public final class VictimSelector implements Snapshotable {
    private final ReplacementPolicy policy;
    private final int ways;
    private final long[] stamps;
    private final int[] pointers;
    private long random;

    /** @param seed any value; it matters to {@link ReplacementPolicy#RANDOM} only */
    public VictimSelector(ReplacementPolicy policy, int sets, int ways, long seed) {
        this.policy = policy;
        this.ways = ways;
        this.stamps = new long[sets * ways];
        this.pointers = new int[sets];
        this.random = scramble(seed);
    }

    /** The ordinal of each entry's last access, by entry; the owner writes it. Entry = set * ways + way. */
    public long[] stamps() {
        return stamps;
    }

    /** The entry that has to go from a set in which all ways are valid. */
    public int replace(int set) {
        int first = set * ways;
        return switch (policy) {
            case FIFO -> first + nextInOrder(set);
            case RANDOM -> first + nextRandom();
            case LRU -> oldest(first);
            case TREE_PLRU -> leastRecentBranch(first);
        };
    }

    private int nextInOrder(int set) {
        int way = pointers[set];
        pointers[set] = way + 1 == ways ? 0 : way + 1;
        return way;
    }

    /** Marsaglia's xorshift64 with shifts 13, 7, 17; its upper half, scaled to the number of ways. */
    private int nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) ((random >>> 32) * ways >>> 32);
    }

    private int oldest(int first) {
        int oldest = first;
        for (int entry = first + 1; entry < first + ways; entry++) {
            if (stamps[entry] < stamps[oldest]) {
                oldest = entry;
            }
        }
        return oldest;
    }

    private int leastRecentBranch(int first) {
        int low = first;
        int end = first + ways;
        while (end - low > 1) {
            int middle = low + (end - low + 1 >>> 1);
            if (latest(low, middle) <= latest(middle, end)) {
                end = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private long latest(int from, int end) {
        long latest = stamps[from];
        for (int entry = from + 1; entry < end; entry++) {
            latest = Math.max(latest, stamps[entry]);
        }
        return latest;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (long stamp : stamps) {
            // An engine need not write stamps from which nothing follows, so they are no state.
            out.writeLong(policy.usesStamps() ? stamp : 0);
        }
        for (int pointer : pointers) {
            out.writeInt(pointer);
        }
        out.writeLong(random);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int entry = 0; entry < stamps.length; entry++) {
            stamps[entry] = in.readLong();
        }
        for (int set = 0; set < pointers.length; set++) {
            pointers[set] = in.readInt();
        }
        random = in.readLong();
    }

    /** Spreads nearby seeds over all bits (the finalizer of SplitMix64); xorshift must not start from 0. */
    private static long scramble(long seed) {
        long mixed = seed + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return mixed == 0 ? 1 : mixed;
    }
}
