package dev.pagewalk.kernel.fault;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/** How many page faults ended in what. */
public final class FaultCounters implements Snapshotable {
    /** A page of zeros was brought in. */
    public long demandZero;

    /** A page of the stack was brought in. */
    public long stack;

    /** The page was there already; only a TLB or the A and D bits had to learn of it. */
    public long spurious;

    /** The access was one that the region does not allow. */
    public long protection;

    /** The fault, of whatever class, ended its process. */
    public long killed;

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(demandZero);
        out.writeLong(stack);
        out.writeLong(spurious);
        out.writeLong(protection);
        out.writeLong(killed);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        demandZero = in.readLong();
        stack = in.readLong();
        spurious = in.readLong();
        protection = in.readLong();
        killed = in.readLong();
    }
}
