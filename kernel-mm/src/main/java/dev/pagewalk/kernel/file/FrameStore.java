package dev.pagewalk.kernel.file;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;

/**
 * The frames of files and pipes: takes them, reads and writes them, gives them back.
 *
 * <p>Filling and zeroing are charged here. Reading and writing are not: whoever moves the bytes to or from user memory pays
 * for that one copy.
 */
final class FrameStore {
    static final int PAGE_BYTES = FrameAllocator.FRAME_BYTES;

    private final FrameAllocator frames;
    private final PhysicalBus bus;
    private final CostMeter meter;

    FrameStore(FrameAllocator frames, PhysicalBus bus, CostMeter meter) {
        this.frames = frames;
        this.bus = bus;
        this.meter = meter;
    }

    /**
     * A frame of zeros.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    long takeZeroed() throws KernelException {
        return frames.allocate(FrameUse.FILE);
    }

    /**
     * A frame with whatever it held before: only what the caller writes may be read again.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    long takeToOverwrite(FrameUse use) throws KernelException {
        return frames.allocateToOverwrite(use);
    }

    /** One owner less: who maps the frame still is one. */
    void release(long frame) {
        frames.release(frame);
    }

    boolean isMapped(long frame) {
        return frames.owners(frame) > 1;
    }

    /** Overwrites a whole frame with {@code length} bytes and zeros after them. */
    void fill(long frame, byte[] source, int offset, int length) {
        write(frame, source, offset, length);
        meter.copied(length);
        zero(frame + length, PAGE_BYTES - length);
    }

    void zero(long address, int lengthBytes) {
        if (lengthBytes > 0) {
            bus.announceStore(address, lengthBytes);
            bus.memory().zero(address, lengthBytes);
            meter.zeroed(lengthBytes);
        }
    }

    void write(long address, byte[] source, int offset, int lengthBytes) {
        bus.announceStore(address, lengthBytes);
        bus.memory().write(address, source, offset, lengthBytes);
    }

    void read(long address, byte[] target, int offset, int lengthBytes) {
        bus.memory().read(address, target, offset, lengthBytes);
    }
}
