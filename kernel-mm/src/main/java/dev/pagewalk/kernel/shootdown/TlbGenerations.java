package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * How often the tables of an address space have taken something away, and up to where each hart has heard of it (S30): a
 * hart that is behind flushes when it switches to the space. Source of the idea: Linux, arch/x86/mm/tlb.c, {@code
 * mm->context.tlb_gen}.
 */
public final class TlbGenerations implements Snapshotable {
    private final long[] seenByHart;
    private long current;

    /** @param harts 1 to 64 */
    public TlbGenerations(int harts) {
        this.seenByHart = new long[harts];
    }

    /** Counts a change: every hart is behind now. Returns the new generation. */
    public long changed() {
        return ++current;
    }

    /** Counted from 0. */
    public long current() {
        return current;
    }

    /** The generation that a hart has caught up with. */
    public long seen(int hartId) {
        return seenByHart[hartId];
    }

    /** Whether a hart may still cache what is gone. */
    public boolean isBehind(int hartId) {
        return seenByHart[hartId] < current;
    }

    /** A hart has flushed all that the changes up to a generation took away; older news never set it back. */
    public void caughtUp(int hartId, long generation) {
        if (generation > current) {
            throw new IllegalArgumentException("generation " + generation + " is still to come, after " + current);
        }
        seenByHart[hartId] = Math.max(seenByHart[hartId], generation);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(current);
        for (long seen : seenByHart) {
            out.writeLong(seen);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        current = in.readLong();
        for (int hartId = 0; hartId < seenByHart.length; hartId++) {
            seenByHart[hartId] = in.readLong();
        }
    }
}
