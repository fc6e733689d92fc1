package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * Counts by hart how often all that it had cached has become void, but for the space that it has loaded: so that nobody need
 * tell every space.
 */
final class FlushEpochs implements Snapshotable {
    private final long[] byHart;

    FlushEpochs(int harts) {
        this.byHart = new long[harts];
    }

    int harts() {
        return byHart.length;
    }

    long of(int hartId) {
        return byHart[hartId];
    }

    void advance(int hartId) {
        byHart[hartId]++;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (long epoch : byHart) {
            out.writeLong(epoch);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int hartId = 0; hartId < byHart.length; hartId++) {
            byHart[hartId] = in.readLong();
        }
    }
}
