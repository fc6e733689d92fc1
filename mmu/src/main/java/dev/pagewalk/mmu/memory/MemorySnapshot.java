package dev.pagewalk.mmu.memory;

/**
 * The contents of RAM at one moment: a copy of each frame that was not zero, in ascending order of address.
 *
 * <p>It is apart from the byte stream of the other parts' snapshots, because RAM may exceed what one array can hold.
 */
public final class MemorySnapshot {
    private final long sizeBytes;
    private final long[] frameAddresses;
    private final byte[][] frames;

    MemorySnapshot(long sizeBytes, long[] frameAddresses, byte[][] frames) {
        this.sizeBytes = sizeBytes;
        this.frameAddresses = frameAddresses;
        this.frames = frames;
    }

    /** The size of the memory that it was taken of. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** How many frames were not zero. */
    public int frameCount() {
        return frames.length;
    }

    /** The physical address of a frame, {@code index} from 0 to frameCount - 1. */
    public long frameAddress(int index) {
        return frameAddresses[index];
    }

    byte[] frame(int index) {
        return frames[index];
    }
}
