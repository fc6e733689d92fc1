package dev.pagewalk.kernel.fault;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/** How many page faults ended in what. */
public final class FaultCounters implements Snapshotable {
    /** Zeros were brought in, a page of 4 KiB or a huge one. */
    public long demandZero;

    /** A page of a file was mapped, or became writable through a shared mapping. */
    public long file;

    /** A store got a copy: of a frame that others own too, or of a file's page. */
    public long copyOnWrite;

    /** A store got the page itself, since nobody else owned it any more. */
    public long copyOnWriteReuse;

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
        out.writeLong(file);
        out.writeLong(copyOnWrite);
        out.writeLong(copyOnWriteReuse);
        out.writeLong(stack);
        out.writeLong(spurious);
        out.writeLong(protection);
        out.writeLong(killed);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        demandZero = in.readLong();
        file = in.readLong();
        copyOnWrite = in.readLong();
        copyOnWriteReuse = in.readLong();
        stack = in.readLong();
        spurious = in.readLong();
        protection = in.readLong();
        killed = in.readLong();
    }
}
