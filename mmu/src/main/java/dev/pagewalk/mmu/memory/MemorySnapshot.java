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

    /** How many bytes of copies it shares with no other one that it was made from or compared with. */
    public long bytesNotSharedWith(MemorySnapshot other) {
        Finder finder = new Finder(other);
        long bytes = 0;
        for (int index = 0; index < frames.length; index++) {
            if (finder.frame(frameAddresses[index]) != frames[index]) {
                bytes += frames[index].length;
            }
        }
        return bytes;
    }

    /** Finds frames by ascending addresses. */
    static final class Finder {
        private final MemorySnapshot snapshot;
        private int index;

        /** @param snapshot null for one without frames */
        Finder(MemorySnapshot snapshot) {
            this.snapshot = snapshot;
        }

        /** The copy of a frame; null where it was zero. The address is not below that of the call before. */
        byte[] frame(long address) {
            if (snapshot == null) {
                return null;
            }
            while (index < snapshot.frames.length && snapshot.frameAddresses[index] < address) {
                index++;
            }
            boolean found = index < snapshot.frames.length && snapshot.frameAddresses[index] == address;
            return found ? snapshot.frames[index] : null;
        }
    }
}
