package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/** Counts shootdowns, and how long their initiators waited. */
public final class ShootdownStatistics implements Snapshotable {
    /** Of wait times, kept in decimal digits. */
    private static final int SIGNIFICANT_DIGITS = 3;

    /** Issued: something was taken away of a space that some hart may have cached. */
    public long count;

    /** Interrupts sent; one may carry several requests. */
    public long ipis;

    /** Answers of harts that had to be waited for. */
    public long acks;

    /** Flushes page by page, the initiators' own included. */
    public long rangeFlushes;

    /** Flushes of a space or of everything, the initiators' own included. */
    public long fullFlushes;

    /** Requests for which nothing had to be flushed any more. */
    public long skipped;

    private Histogram waits = new Histogram(SIGNIFICANT_DIGITS);
    private long waitCycles;
    private long longestWaitCycles;

    /** Notes what a hart has done about a shootdown. */
    void flushed(FlushAction action) {
        switch (action) {
            case SKIP -> skipped++;
            case PAGES -> rangeFlushes++;
            case SPACE, EVERYTHING, LEAVE -> fullFlushes++;
        }
    }

    /** Notes a shootdown for which its initiator waited so many cycles. */
    void waited(long cycles) {
        waits.recordValue(cycles);
        waitCycles += cycles;
        longestWaitCycles = Math.max(longestWaitCycles, cycles);
    }

    /** All waiting together, in cycles. */
    public long waitCycles() {
        return waitCycles;
    }

    /**
     * The wait that so many per cent of the shootdowns did not exceed, in cycles, exact to three digits; 0 before the first.
     *
     * @param percentile 0 to 100
     */
    public long waitCyclesAt(int percentile) {
        // The histogram answers with the largest value that it cannot tell from the right one.
        return waits.getTotalCount() == 0 ? 0 : Math.min(waits.getValueAtPercentile(percentile), longestWaitCycles);
    }

    /** The longest wait, in cycles. */
    public long longestWaitCycles() {
        return longestWaitCycles;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(count);
        out.writeLong(ipis);
        out.writeLong(acks);
        out.writeLong(rangeFlushes);
        out.writeLong(fullFlushes);
        out.writeLong(skipped);
        out.writeLong(waitCycles);
        out.writeLong(longestWaitCycles);
        ByteBuffer buffer = ByteBuffer.allocate(waits.getNeededByteBufferCapacity());
        int lengthBytes = waits.encodeIntoByteBuffer(buffer);
        out.writeInt(lengthBytes);
        out.write(buffer.array(), 0, lengthBytes);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        count = in.readLong();
        ipis = in.readLong();
        acks = in.readLong();
        rangeFlushes = in.readLong();
        fullFlushes = in.readLong();
        skipped = in.readLong();
        waitCycles = in.readLong();
        longestWaitCycles = in.readLong();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        waits = Histogram.decodeFromByteBuffer(ByteBuffer.wrap(bytes), 0);
        waits.setAutoResize(true);
    }
}
