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
 * Gives out the frames of RAM and counts the owners of each (S42, S44). Whoever keeps a frame's address, be it a PTE, the
 * page cache or a table, owns it once and releases it once; the last release frees it.
 */
public final class FrameAllocator implements Snapshotable {
    public static final int FRAME_BYTES = PhysicalMemory.FRAME_BYTES;

    /** The order of the longest run of frames that there can be. */
    public static final int MAX_ORDER = BuddyBlocks.MAX_ORDER;

    private final PhysicalMemory memory;
    private final PhysicalBus bus;
    private final CostMeter meter;
    private final NumaNodes nodes;
    private final FreeFrames free;
    private final FrameTable table;
    private final FrameCounters counters;
    private FailurePlan failurePlan = FailurePlan.NEVER;
    private Reclaimer reclaimer = Reclaimer.NONE;
    private FrameObserver observer = FrameObserver.NONE;

    /**
     * All frames are free.
     *
     * @param nodes of the machine's RAM and harts
     */
    public FrameAllocator(PhysicalBus bus, CostMeter meter, NumaNodes nodes) {
        this.bus = bus;
        this.memory = bus.memory();
        this.meter = meter;
        this.nodes = nodes;
        this.free = new FreeFrames(nodes);
        this.table = new FrameTable(nodes.totalFrames());
        this.counters = new FrameCounters(nodes);
    }

    /** Names whom to ask for frames when too few are free. */
    public void setReclaimer(Reclaimer reclaimer) {
        this.reclaimer = reclaimer;
    }

    /** Names who is told of freed frames. */
    public void setObserver(FrameObserver observer) {
        this.observer = observer;
    }

    /** Makes allocations fail as planned from now on. */
    public void setFailurePlan(FailurePlan failurePlan) {
        this.failurePlan = failurePlan;
    }

    /**
     * One zeroed frame with one owner.
     *
     * @return its physical address
     * @throws KernelException OUT_OF_MEMORY
     */
    public long allocate(FrameUse use) throws KernelException {
        long address = allocateToOverwrite(use);
        zero(address);
        return address;
    }

    /**
     * One frame with one owner and with whatever its last owner left in it: for callers that overwrite all of it at once
     * and so need not pay for zeroes.
     *
     * @return its physical address
     * @throws KernelException OUT_OF_MEMORY
     */
    public long allocateToOverwrite(FrameUse use) throws KernelException {
        int frame = takeFrame();
        giveOut(frame, 0, use);
        return addressOf(frame);
    }

    /**
     * {@code 2^order} zeroed frames in a row, aligned to their own length, each with one owner of its own; of the paying
     * hart's node if possible.
     *
     * @param order 0 to 24
     * @return the first one's physical address
     * @throws KernelException OUT_OF_MEMORY, also where there are enough frames but not in a row
     */
    public long allocateContiguous(int order, FrameUse use) throws KernelException {
        return allocateContiguous(order, use, payingNode());
    }

    /** {@link #allocateContiguous(int, FrameUse)} of a given node if possible, else of the next ones in ring order. */
    public long allocateContiguous(int order, FrameUse use, int node) throws KernelException {
        int first = takeRun(order, node);
        giveOut(first, order, use);
        for (int i = 0; i < 1 << order; i++) {
            zero(addressOf(first + i));
        }
        return addressOf(first);
    }

    /**
     * Frames with one owner and with the contents of others.
     *
     * @param source the first of {@code 2^order} frames in a row
     * @return the physical address of the first of as many new ones
     * @throws KernelException as {@link #allocateContiguous}
     */
    public long allocateCopy(long source, int order, FrameUse use) throws KernelException {
        int first = order == 0 ? takeFrame() : takeRun(order, payingNode());
        giveOut(first, order, use);
        for (int i = 0; i < 1 << order; i++) {
            bus.announceStore(addressOf(first + i), FRAME_BYTES);
        }
        long lengthBytes = (long) FRAME_BYTES << order;
        memory.copy(source, addressOf(first), lengthBytes);
        meter.copied(lengthBytes);
        return addressOf(first);
    }

    private int takeFrame() throws KernelException {
        failIfPlanned();
        int frame = free.take(payingHart());
        while (frame < 0 && reclaimer.reclaim()) {
            frame = free.take(payingHart());
        }
        return checkTaken(frame);
    }

    private int takeRun(int order, int node) throws KernelException {
        failIfPlanned();
        int first = free.takeBlock(order, node);
        // Emptying the page cache helps where frames are too few; where they only lie apart it would be for nothing.
        while (first < 0 && counters.freeFrames() < 1 << order && reclaimer.reclaim()) {
            first = free.takeBlock(order, node);
        }
        return checkTaken(first);
    }

    private void failIfPlanned() throws KernelException {
        if (failurePlan.failsNow()) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
    }

    private static int checkTaken(int frame) throws KernelException {
        if (frame < 0) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        return frame;
    }

    private void giveOut(int first, int order, FrameUse use) {
        for (int i = 0; i < 1 << order; i++) {
            table.give(first + i, use);
        }
        counters.givenOut(1 << order, use, nodes.ofFrame(first), payingNode());
        meter.frameAllocated();
    }

    private int payingHart() {
        return meter.hart() == null ? FreeFrames.NO_HART : meter.hart().id();
    }

    private int payingNode() {
        return meter.hart() == null ? 0 : nodes.ofHart(meter.hart().id());
    }

    /**
     * Gives a frame one owner more.
     *
     * @throws IllegalStateException where the address is no frame of RAM, or the frame is free: a mistake of the kernel,
     *     never of a guest
     */
    public void share(long address) {
        int frame = ownedFrame(address, "share");
        int owners = table.owners(frame);
        if (owners == Integer.MAX_VALUE) {
            throw new IllegalStateException(String.format("frame 0x%x has too many owners", address));
        }
        table.setOwners(frame, owners + 1);
    }

    /**
     * Takes one owner from a frame, whether it was given out alone or as part of a contiguous run; without owners it is
     * free.
     *
     * @return whether this was the last owner
     * @throws IllegalStateException where the address is no frame of RAM, or the frame is free already: a mistake of the
     *     kernel, never of a guest
     */
    public boolean release(long address) {
        int frame = ownedFrame(address, "release");
        int owners = table.owners(frame) - 1;
        if (owners > 0) {
            table.setOwners(frame, owners);
            return false;
        }
        FrameUse use = table.use(frame);
        observer.frameFreed(address, use);
        table.setOwners(frame, 0);
        counters.takenBack(use, nodes.ofFrame(frame));
        free.giveBack(frame, payingHart());
        meter.frameFreed();
        return true;
    }

    /**
     * How many owners a frame has; 0 where it is free.
     *
     * @throws IllegalStateException where the address is no frame of RAM
     */
    public int owners(long address) {
        return table.owners(frameAt(address, "owners"));
    }

    /**
     * What a frame was given out for.
     *
     * @throws IllegalStateException where the address is no frame of RAM, or the frame is free
     */
    public FrameUse use(long address) {
        return table.use(ownedFrame(address, "use"));
    }

    private int ownedFrame(long address, String asked) {
        int frame = frameAt(address, asked);
        if (table.owners(frame) == 0) {
            throw new IllegalStateException(String.format("frame 0x%x is free already: double %s", address, asked));
        }
        return frame;
    }

    private int frameAt(long address, String asked) {
        if (!memory.contains(address, FRAME_BYTES) || address % FRAME_BYTES != 0) {
            throw new IllegalStateException(String.format("0x%x is no frame of RAM: foreign %s", address, asked));
        }
        return (int) ((address - memory.baseAddress()) / FRAME_BYTES);
    }

    public int totalFrames() {
        return nodes.totalFrames();
    }

    /** All frames without an owner, those in the harts' caches included. */
    public int freeFrames() {
        return counters.freeFrames();
    }

    public int inUse(FrameUse use) {
        return counters.inUse(use);
    }

    /** The most frames that were in use for this at once. */
    public int peak(FrameUse use) {
        return counters.peak(use);
    }

    public int nodeCount() {
        return nodes.count();
    }

    /** @param node 0 to {@link #nodeCount} - 1 */
    public NodeFigures node(int node) {
        return counters.ofNode(node);
    }

    /** How many of the free frames a hart keeps at hand. */
    public int cachedFrames(int hart) {
        return free.cached(hart);
    }

    /**
     * For inspection: how many blocks of {@code 2^order} frames in a row a NUMA node has free, each at a multiple of its own
     * length. Frames that harts keep at hand are in none.
     *
     * @param node 0 to {@link #nodeCount} - 1
     * @param order 0 to {@link #MAX_ORDER}
     */
    public int freeBlocks(int node, int order) {
        return free.blocks(node, order);
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
        counters.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        free.restore(in);
        table.restore(in);
        counters.restore(in);
    }
}
