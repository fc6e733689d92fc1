package dev.pagewalk.kernel.file;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;

/** The frames of files: takes them, fills them, gives them back, and charges for it. */
final class PageCache {
    static final int PAGE_BYTES = FrameAllocator.FRAME_BYTES;

    private final FrameAllocator frames;
    private final PhysicalBus bus;
    private final CostMeter meter;

    PageCache(FrameAllocator frames, PhysicalBus bus, CostMeter meter) {
        this.frames = frames;
        this.bus = bus;
        this.meter = meter;
    }

    /**
     * A new page with a part of a preloaded file's bytes, zeros after them.
     *
     * @param length 0 to 4096 bytes of {@code disk} from {@code offset} on
     * @throws KernelException OUT_OF_MEMORY
     */
    long filled(byte[] disk, int offset, int length) throws KernelException {
        if (length == 0) {
            return frames.allocate(FrameUse.FILE);
        }
        long address = toOverwrite();
        meter.copied(length);
        bus.memory().write(address, disk, offset, length);
        zero(address + length, PAGE_BYTES - length);
        return address;
    }

    /**
     * A new page that the caller overwrites as a whole.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    long toOverwrite() throws KernelException {
        long address = frames.allocateToOverwrite(FrameUse.FILE);
        bus.announceStore(address, PAGE_BYTES);
        return address;
    }

    /** Zeroes part of a page. */
    void zero(long address, int lengthBytes) {
        if (lengthBytes > 0) {
            bus.announceStore(address, lengthBytes);
            bus.memory().zero(address, lengthBytes);
            meter.zeroed(lengthBytes);
        }
    }

    /** Writes part of a page; whoever moves the bytes from user memory has paid for the copy. */
    void write(long address, byte[] source, int offset, int lengthBytes) {
        bus.announceStore(address, lengthBytes);
        bus.memory().write(address, source, offset, lengthBytes);
    }

    void read(long address, byte[] target, int offset, int lengthBytes) {
        bus.memory().read(address, target, offset, lengthBytes);
    }

    /** The cache stops being an owner of the page; who maps it still is. */
    void drop(long address) {
        frames.release(address);
    }

    boolean isMapped(long address) {
        return frames.owners(address) > 1;
    }
}
