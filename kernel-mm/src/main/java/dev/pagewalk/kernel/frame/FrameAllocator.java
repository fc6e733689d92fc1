package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * Gives out the frames of RAM: a binary buddy allocator that always takes the lowest free block of the smallest order
 * that fits (S44).
 *
 * <p>Source: D. E. Knuth, The Art of Computer Programming, volume 1, section 2.5, "buddy system".
 */
public final class FrameAllocator implements Snapshotable {
    public static final int FRAME_BYTES = PhysicalMemory.FRAME_BYTES;

    private final PhysicalMemory memory;
    private final PhysicalBus bus;
    private final CostMeter meter;
    private final BuddyBlocks free;
    private final FrameTable table;
    private final int totalFrames;
    private final int[] inUse = new int[FrameUse.values().length];
    private final int[] peak = new int[FrameUse.values().length];

    public FrameAllocator(PhysicalBus bus, CostMeter meter) {
        this.bus = bus;
        this.memory = bus.memory();
        this.meter = meter;
        this.totalFrames = (int) (memory.sizeBytes() / FRAME_BYTES);
        this.free = new BuddyBlocks(totalFrames);
        this.table = new FrameTable(totalFrames);
    }

    /**
     * One zeroed frame.
     *
     * @return its physical address
     * @throws KernelException OUT_OF_MEMORY
     */
    public long allocate(FrameUse use) throws KernelException {
        return allocateContiguous(0, use);
    }

    /**
     * {@code 2^order} zeroed frames in a row, aligned to their own length.
     *
     * @param order 0 to 24
     * @return the first one's physical address
     * @throws KernelException OUT_OF_MEMORY
     */
    public long allocateContiguous(int order, FrameUse use) throws KernelException {
        int first = free.take(order);
        if (first < 0) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        int frames = 1 << order;
        for (int frame = first; frame < first + frames; frame++) {
            table.give(frame, use);
            zero(addressOf(frame));
        }
        meter.frameAllocated();
        inUse[use.ordinal()] += frames;
        peak[use.ordinal()] = Math.max(peak[use.ordinal()], inUse[use.ordinal()]);
        return addressOf(first);
    }

    /**
     * Takes one frame back, whether it was given out alone or as part of a contiguous run.
     *
     * @param address the frame's physical address
     * @throws IllegalStateException where the address is no frame of RAM, or the frame is free already: a mistake of the
     *     kernel, never of a guest
     */
    public void free(long address) {
        if (!memory.contains(address, FRAME_BYTES) || address % FRAME_BYTES != 0) {
            throw new IllegalStateException(String.format("0x%x is no frame of RAM: foreign free", address));
        }
        int frame = (int) ((address - memory.baseAddress()) / FRAME_BYTES);
        FrameUse use = table.use(frame);
        if (use == null) {
            throw new IllegalStateException(String.format("frame 0x%x is free already: double free", address));
        }
        table.takeBack(frame);
        inUse[use.ordinal()]--;
        free.giveBack(frame);
        meter.frameFreed();
    }

    public int totalFrames() {
        return totalFrames;
    }

    public int freeFrames() {
        return totalFrames - inUse(FrameUse.USER) - inUse(FrameUse.PAGE_TABLE);
    }

    public int inUse(FrameUse use) {
        return inUse[use.ordinal()];
    }

    /** The most frames that were in use for this at once. */
    public int peak(FrameUse use) {
        return peak[use.ordinal()];
    }

    private void zero(long address) {
        bus.announceStore(address, FRAME_BYTES);
        memory.zero(address, FRAME_BYTES);
        meter.zeroed(FRAME_BYTES);
    }

    private long addressOf(int frame) {
        return memory.baseAddress() + (long) frame * FRAME_BYTES;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        free.save(out);
        table.save(out);
        for (FrameUse use : FrameUse.values()) {
            out.writeInt(inUse[use.ordinal()]);
            out.writeInt(peak[use.ordinal()]);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        free.restore(in);
        table.restore(in);
        for (FrameUse use : FrameUse.values()) {
            inUse[use.ordinal()] = in.readInt();
            peak[use.ordinal()] = in.readInt();
        }
    }
}
