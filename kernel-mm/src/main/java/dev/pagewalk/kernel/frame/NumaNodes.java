package dev.pagewalk.kernel.frame;

import dev.pagewalk.mmu.memory.PhysicalMemory;

/**
 * Which frames and which harts lie together: RAM is split evenly among the nodes in the order of addresses, the harts in
 * the order of their ids. A node need not have a hart.
 *
 * @param count 1 to 64
 * @param totalFrames at least 16 for each node
 * @param harts at least 1
 */
public record NumaNodes(int count, int totalFrames, int harts) {
    public static final int MAX_NODES = 64;

    private static final int LEAST_FRAMES = 16;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException with a line that says what would be right
     */
    public NumaNodes {
        if (count < 1 || count > MAX_NODES) {
            throw new IllegalArgumentException("NUMA nodes must be 1 to " + MAX_NODES + ", not " + count);
        }
        if (totalFrames / LEAST_FRAMES < count) {
            throw new IllegalArgumentException("with " + kibibytes(totalFrames) + " of RAM there can be at most "
                    + totalFrames / LEAST_FRAMES + " NUMA nodes, of " + kibibytes(LEAST_FRAMES) + " or more each, not "
                    + count);
        }
    }

    /**
     * The nodes of a machine.
     *
     * @param ramBytes a multiple of 4096
     * @throws IllegalArgumentException as above
     */
    public static NumaNodes of(int count, long ramBytes, int harts) {
        return new NumaNodes(count, (int) (ramBytes / PhysicalMemory.FRAME_BYTES), harts);
    }

    private static String kibibytes(int frames) {
        return (long) frames * PhysicalMemory.FRAME_BYTES / 1024 + " KiB";
    }

    /** The node of a hart. */
    public int ofHart(int hart) {
        return hart * count / harts;
    }

    /** The frame at which a node begins; that of the node after the last one is the end of RAM. */
    int firstFrame(int node) {
        return (int) ((long) node * totalFrames / count);
    }

    int ofFrame(int frame) {
        return (int) (((frame + 1L) * count - 1) / totalFrames);
    }
}
