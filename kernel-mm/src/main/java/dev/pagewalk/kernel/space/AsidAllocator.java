package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.BitSet;

/**
 * Gives each address space an ASID of its own. ASID 0 is the kernel's.
 *
 * <p>An ASID may be released only once nothing is cached under it any more.
 */
public final class AsidAllocator implements Snapshotable {
    private static final int KERNEL_ASID = 0;
    private static final int MOST_ASIDS = 1 << 16;

    private final BitSet inUse = new BitSet();

    public AsidAllocator() {
        inUse.set(KERNEL_ASID);
    }

    /** The lowest ASID that is free: 1 to 65,535. There are more of them than there can be processes. */
    public int allocate() {
        int asid = inUse.nextClearBit(0);
        if (asid >= MOST_ASIDS) {
            throw new IllegalStateException("more address spaces than ASIDs");
        }
        inUse.set(asid);
        return asid;
    }

    public void release(int asid) {
        inUse.clear(asid);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        byte[] bits = inUse.toByteArray();
        out.writeInt(bits.length);
        out.write(bits);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        byte[] bits = new byte[in.readInt()];
        in.readFully(bits);
        inUse.clear();
        inUse.or(BitSet.valueOf(bits));
    }
}
