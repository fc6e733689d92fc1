package dev.pagewalk.kernel.file;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import java.util.TreeMap;

/** The files of the machine, all in RAM, by number and by path. */
public final class FileSystem {
    private final PageCache cache;
    private final TreeMap<Long, Inode> inodes = new TreeMap<>();
    private final TreeMap<String, Inode> paths = new TreeMap<>();
    private long nextNumber = 1;

    public FileSystem(FrameAllocator frames, PhysicalBus bus, CostMeter meter) {
        this.cache = new PageCache(frames, bus, meter);
    }

    /**
     * A regular file of zeros without a name, as memory that is shared without a file has it. The caller holds its one
     * reference.
     *
     * @throws KernelException NO_SPACE where there are too many inodes
     */
    public Inode createUnnamed(long sizeBytes) throws KernelException {
        Inode inode = new Inode(nextNumber++, InodeKind.REGULAR, cache);
        inodes.put(inode.number(), inode);
        inode.resize(sizeBytes);
        inode.addReference();
        return inode;
    }

    /** Puts a file with these bytes there, before anything runs; its parents are made. */
    public void preload(String path, byte[] bytes) {
        Inode inode = new Inode(nextNumber++, InodeKind.REGULAR, cache);
        inodes.put(inode.number(), inode);
        inode.preload(bytes);
        inode.link();
        paths.put(path, inode);
    }

    /** What a path names, or null. */
    public Inode find(String path) {
        return paths.get(path);
    }

    /** The inode of a number; null where it is gone. */
    public Inode inode(long number) {
        return inodes.get(number);
    }
}
