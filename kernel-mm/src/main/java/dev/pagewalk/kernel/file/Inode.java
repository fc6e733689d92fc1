package dev.pagewalk.kernel.file;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/**
 * A file as such, apart from its names and from those who have it open: its size, and its pages in the page cache.
 *
 * <p>It lives while it has a name or a reference. References are held by open files and by regions that map it.
 *
 * <p>A stop on the path of a load from a mapped file, after the fault handler: {@link #page}.
 */
public final class Inode {
    /** Offsets are signed 64-bit values; no file is longer. */
    public static final long MAX_SIZE_BYTES = Long.MAX_VALUE;

    private static final byte[] NO_DISK = {};

    private final long number;
    private final InodeKind kind;
    private final PageCache cache;
    private final CachedPages pages = new CachedPages();
    private byte[] disk = NO_DISK;
    private int diskBytes;
    private long sizeBytes;
    private int links;
    private int references;

    Inode(long number, InodeKind kind, PageCache cache) {
        this.number = number;
        this.kind = kind;
        this.cache = cache;
    }

    /** Counted from 1, never used again. */
    public long number() {
        return number;
    }

    public InodeKind kind() {
        return kind;
    }

    /** 0 to 2^63 - 1. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** How many names it has. */
    public int links() {
        return links;
    }

    /** How many open files and regions hold it. */
    public int references() {
        return references;
    }

    /** One open file or region more holds it. */
    public void addReference() {
        references++;
    }

    /** One open file or region less holds it; the last one of an inode without a name gives its pages back. */
    public void release() {
        if (references == 0) {
            throw new IllegalStateException("inode " + number + " has no reference that could be released");
        }
        references--;
        if (references == 0 && links == 0) {
            dropPagesFrom(0);
        }
    }

    /**
     * A page to be read: to be mapped without the right to write, or privately. It is brought into the page cache where it
     * is not there yet, filled from the preloaded bytes and zeros.
     *
     * <p>The cache is one owner of the frame. Whoever maps it adds itself by {@link
     * dev.pagewalk.kernel.frame.FrameAllocator#share}.
     *
     * @param index offset / 4096
     * @return the frame's physical address
     * @throws KernelException PAST_END_OF_FILE where no byte of the page lies before the end (the signal is SIGBUS),
     *     OUT_OF_MEMORY
     */
    public long page(long index) throws KernelException {
        if (index < 0 || index > lastPage()) {
            throw KernelError.PAST_END_OF_FILE.exception();
        }
        long address = pages.find(index);
        if (address == 0) {
            address = filled(index);
            pages.put(index, address, false);
        }
        return address;
    }

    /**
     * A page to be mapped shared with the right to write: as {@link #page}, but from now on the cache never gives it back
     * under memory pressure, because what is written through the mapping stands nowhere else.
     *
     * @throws KernelException as {@link #page}
     */
    public long pageToWrite(long index) throws KernelException {
        long address = page(index);
        pages.markWritten(index);
        return address;
    }

    /** The physical address of a page that is in the page cache, or 0. Changes nothing. */
    public long pageIfResident(long index) {
        return pages.find(index);
    }

    /** How many of its pages are in the page cache. */
    public long residentPages() {
        return pages.size();
    }

    void resize(long newSizeBytes) {
        sizeBytes = newSizeBytes;
    }

    /** Gives it its first contents, which stay in host memory until a page is asked for. */
    void preload(byte[] bytes) {
        disk = bytes;
        diskBytes = bytes.length;
        sizeBytes = bytes.length;
    }

    void link() {
        links++;
    }

    /** The index of the last page that holds a byte of the file, or -1. */
    private long lastPage() {
        return (sizeBytes - 1) >> 12;
    }

    private long filled(long index) throws KernelException {
        long offset = index * PageCache.PAGE_BYTES;
        int length = (int) Math.max(0, Math.min(diskBytes - offset, PageCache.PAGE_BYTES));
        return cache.filled(disk, (int) offset, length);
    }

    private void dropPagesFrom(long firstIndex) {
        for (long address = pages.removeLastFrom(firstIndex);
                address != 0;
                address = pages.removeLastFrom(firstIndex)) {
            cache.drop(address);
        }
    }
}
