package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.emulator.engine.EngineReport;

/**
 * The kernel chase without an emulator: the same cycle through as many bytes, in the same order. No engine can be faster
 * where it is the host's memory that is waited for.
 */
final class HostChase implements Workload {
    /** Of the guest's loop. */
    static final int INSTRUCTIONS_PER_STEP = 4;

    private static final int NODES = 1 << 20;
    private static final int NODE_BYTES = 64;
    private static final int NODE_LONGS = NODE_BYTES / Long.BYTES;

    private static final long MULTIPLIER = 6364136223846793005L;
    private static final long INCREMENT = 1442695040888963407L;

    private final long[] next = new long[NODES * NODE_LONGS];
    private long place;
    private long steps;
    private long offsets;

    HostChase() {
        for (int node = 0; node < NODES; node++) {
            next[node * NODE_LONGS] = (long) node * NODE_LONGS;
        }
        long random = 1;
        for (int node = NODES - 1; node > 0; node--) {
            random = random * MULTIPLIER + INCREMENT;
            int other = (int) ((random >>> 32) * node >>> 32) * NODE_LONGS;
            int own = node * NODE_LONGS;
            long moved = next[own];
            next[own] = next[other];
            next[other] = moved;
        }
    }

    @Override
    public void advance(long more) {
        long index = place;
        long sum = offsets;
        for (long step = 0; step < more; step++) {
            index = next[(int) index];
            sum += index;
        }
        place = index;
        offsets = sum;
        steps += more;
    }

    /** The guest's, after so many steps. */
    long checksum() {
        return offsets * Long.BYTES;
    }

    @Override
    public long instructions() {
        return steps * INSTRUCTIONS_PER_STEP;
    }

    @Override
    public EngineReport report() {
        return null;
    }
}
