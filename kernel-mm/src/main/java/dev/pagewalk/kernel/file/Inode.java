package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Arrays;

/**
 * A file as such, apart from its names and from those who have it open: its size, and its pages in the page cache.
 *
 * <p>It lives while it has a name or a reference. References are held by open files and by regions that map it. Its bytes
 * stand in the page cache: what was preloaded comes in when it is asked for, a hole reads as zeros and takes a frame when
 * it is written or mapped.
 *
 * <p>A stop on the path of a load from a mapped file, after the fault handler: {@link #page}.
 */
public final class Inode implements Snapshotable {
    /** Offsets are signed 64-bit values; no file is longer. */
    public static final long MAX_SIZE_BYTES = Long.MAX_VALUE;

    private static final int PAGE_BYTES = FrameStore.PAGE_BYTES;
    private static final int BLOCK_BYTES = 512;
    private static final byte[] NO_DISK = {};

    private final long number;
    private final InodeKind kind;
    private final InodeTable table;
    private final FrameStore store;
    private final CachedPages pages;
    private final Pipe pipe;

    /** The preloaded bytes, of which the first {@link #diskBytes} still count; never changed. */
    private byte[] disk = NO_DISK;

    private int diskBytes;
    private long sizeBytes;
    private int permissions;
    private int device;
    private long deviceAddress;
    private long deviceLengthBytes;
    private int links;
    private int references;

    Inode(long number, InodeKind kind, int permissions, InodeTable table) {
        this.number = number;
        this.kind = kind;
        this.permissions = permissions;
        this.table = table;
        this.store = table.store();
        this.pages = new CachedPages(store);
        this.pipe = kind == InodeKind.PIPE ? new Pipe(store) : null;
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

    /** Where the memory of a DEVICE begins, page-aligned. */
    public long deviceAddress() {
        return deviceAddress;
    }

    /** How long the memory of a DEVICE is; whole pages. */
    public long deviceLengthBytes() {
        return deviceLengthBytes;
    }

    public FileStatus status() {
        long blocks = pages.size() * (PAGE_BYTES / BLOCK_BYTES);
        return new FileStatus(number, kind.typeBits() | permissions, links, device, sizeBytes, blocks);
    }

    /** One open file or region more holds it. */
    public void addReference() {
        references++;
    }

    /** One open file or region less holds it; the last one of an inode without a name is its end. */
    public void release() {
        if (references == 0) {
            throw new IllegalStateException("inode " + number + " has no reference that could be released");
        }
        references--;
        endIfUnused();
    }

    void link() {
        links++;
    }

    void unlink() {
        links--;
        endIfUnused();
    }

    private void endIfUnused() {
        if (references == 0 && links == 0) {
            pages.dropFrom(0, Integer.MAX_VALUE);
            if (pipe != null) {
                pipe.drop();
            }
            table.remove(this);
        }
    }

    /**
     * A page to be read: to be mapped without the right to write, or privately. It is brought into the page cache where it
     * is not there yet.
     *
     * <p>The cache is one owner of the frame. Whoever maps or copies it makes itself another one by {@link
     * dev.pagewalk.kernel.frame.FrameAllocator#share} before it allocates anything: until then memory pressure can take
     * the page away again.
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
        return cached(index);
    }

    /**
     * A page to be mapped shared with the right to write: as {@link #page}, but from now on the cache never gives it back
     * under memory pressure, because what is written through the mapping stands nowhere else.
     *
     * @throws KernelException as {@link #page}
     */
    public long pageToWrite(long index) throws KernelException {
        long frame = page(index);
        pages.markWritten(index);
        return frame;
    }

    /** The frame of a page that is in the page cache, or 0. Changes nothing. */
    public long pageIfResident(long index) {
        return pages.find(index);
    }

    /** How many of its pages are in the page cache. */
    public long residentPages() {
        return pages.size();
    }

    /**
     * Reads bytes of a regular file. The copy is not charged: whoever moves the bytes to user memory pays for it.
     *
     * @param offset not negative
     * @return how many bytes; fewer than {@code length} at the end of the file or where memory ran out
     * @throws KernelException OUT_OF_MEMORY where memory ran out before the first byte
     */
    public int read(long offset, byte[] target, int length) throws KernelException {
        int count = (int) Math.max(0, Math.min(length, sizeBytes - offset));
        int done = 0;
        while (done < count) {
            long at = offset + done;
            int part = bytesOnPage(at, count - done);
            try {
                readOnPage(at, target, done, part);
            } catch (KernelException outOfMemory) {
                return orFailure(done, outOfMemory);
            }
            done += part;
        }
        return count;
    }

    /**
     * Looks at bytes of a regular file without bringing a page into the cache; free of charge.
     *
     * @param offset not negative
     * @param to where in {@code target} they go
     * @return how many bytes; fewer than {@code length} at the end of the file
     */
    public int peek(long offset, byte[] target, int to, int length) {
        int count = (int) Math.max(0, Math.min(length, sizeBytes - offset));
        int done = 0;
        while (done < count) {
            long at = offset + done;
            int part = bytesOnPage(at, count - done);
            peekOnPage(at, target, to + done, part);
            done += part;
        }
        return count;
    }

    /**
     * Looks at bytes of a page as who maps it sees it: as {@link #peek}, but all of the file's last page is there.
     *
     * @param index offset / 4096
     * @param from where on the page
     * @param to where in {@code target} they go
     * @param length no more than there is on the page
     * @return {@code length}, or 0 where no byte of the page lies before the end
     */
    public int peekPage(long index, int from, byte[] target, int to, int length) {
        if (index > lastPage()) {
            return 0;
        }
        peekOnPage(index * PAGE_BYTES + from, target, to, length);
        return length;
    }

    private void peekOnPage(long offset, byte[] target, int to, int length) {
        long resident = pages.find(offset / PAGE_BYTES);
        if (resident != 0) {
            store.read(resident + offset % PAGE_BYTES, target, to, length);
            return;
        }
        int fromDisk = (int) Math.max(0, Math.min(length, diskBytes - offset));
        System.arraycopy(disk, (int) Math.min(offset, diskBytes), target, to, fromDisk);
        Arrays.fill(target, to + fromDisk, to + length, (byte) 0);
    }

    private void readOnPage(long offset, byte[] target, int to, int length) throws KernelException {
        long index = offset / PAGE_BYTES;
        boolean isHole = pages.find(index) == 0 && bytesOnDisk(index) == 0;
        if (isHole) {
            Arrays.fill(target, to, to + length, (byte) 0);
        } else {
            store.read(cached(index) + offset % PAGE_BYTES, target, to, length);
        }
    }

    /**
     * Writes bytes of a regular file, which grows as needed. The copy is not charged, as in {@link #read}.
     *
     * @param offset not negative
     * @return how many bytes; fewer than {@code length} where memory ran out or at the largest size
     * @throws KernelException NO_SPACE where memory ran out before the first byte; FILE_TOO_LARGE at the largest size
     */
    public int write(long offset, byte[] source, int length) throws KernelException {
        if (length > 0 && offset == MAX_SIZE_BYTES) {
            throw KernelError.FILE_TOO_LARGE.exception();
        }
        int count = (int) Math.min(length, MAX_SIZE_BYTES - offset);
        int done = 0;
        while (done < count) {
            long at = offset + done;
            int part = bytesOnPage(at, count - done);
            try {
                writeOnPage(at, source, done, part);
            } catch (KernelException outOfMemory) {
                return orFailure(done, KernelError.NO_SPACE.exception());
            }
            done += part;
        }
        return count;
    }

    private void writeOnPage(long offset, byte[] source, int from, int length) throws KernelException {
        long index = offset / PAGE_BYTES;
        if (pages.find(index) == 0 && length == PAGE_BYTES) {
            pages.addWritten(index, store.takeToOverwrite(FrameUse.FILE));
        }
        long frame = cached(index);
        pages.markWritten(index);
        if (offset + length > sizeBytes) {
            clearGap(offset);
            sizeBytes = offset + length;
        }
        store.write(frame + offset % PAGE_BYTES, source, from, length);
    }

    /**
     * Makes a regular file longer or shorter. A file that becomes longer reads as zeros there, whatever a mapping has
     * written behind its old end.
     *
     * @param newSizeBytes not negative
     */
    public void truncate(long newSizeBytes) {
        if (newSizeBytes >= sizeBytes) {
            clearGap(newSizeBytes);
            sizeBytes = newSizeBytes;
            return;
        }
        sizeBytes = newSizeBytes;
        diskBytes = (int) Math.min(diskBytes, newSizeBytes);
        table.truncated(this);
        pages.dropFrom(lastPage() + 1, Integer.MAX_VALUE);
        int keptOnLastPage = (int) (newSizeBytes % PAGE_BYTES);
        long lastFrame = pages.find(lastPage());
        if (keptOnLastPage != 0 && lastFrame != 0) {
            store.zero(lastFrame + keptOnLastPage, PAGE_BYTES - keptOnLastPage);
        }
    }

    /** Zeroes what lies between the end of the file and a new offset, as far as it has a frame. */
    private void clearGap(long newOffset) {
        long lastFrame = pages.find(lastPage());
        int endOnPage = (int) (sizeBytes % PAGE_BYTES);
        if (endOnPage != 0 && lastFrame != 0 && newOffset > sizeBytes) {
            store.zero(lastFrame + endOnPage, bytesOnPage(sizeBytes, newOffset - sizeBytes));
        }
    }

    private long cached(long index) throws KernelException {
        long frame = pages.find(index);
        if (frame == 0) {
            frame = filled(index);
            pages.addClean(index, frame);
        }
        return frame;
    }

    private long filled(long index) throws KernelException {
        int length = bytesOnDisk(index);
        if (length == 0) {
            return store.takeZeroed();
        }
        long frame = store.takeToOverwrite(FrameUse.FILE);
        store.fill(frame, disk, (int) index * PAGE_BYTES, length);
        return frame;
    }

    private int bytesOnDisk(long index) {
        // An index beyond a preloaded file may be far too large to be multiplied.
        return index > diskBytes / PAGE_BYTES ? 0 : Math.min(diskBytes - (int) index * PAGE_BYTES, PAGE_BYTES);
    }

    /** The index of the last page that holds a byte of the file, or -1. */
    private long lastPage() {
        return Math.floorDiv(sizeBytes - 1, PAGE_BYTES);
    }

    private static int bytesOnPage(long offset, long length) {
        return (int) Math.min(length, PAGE_BYTES - offset % PAGE_BYTES);
    }

    private static int orFailure(int done, KernelException failure) throws KernelException {
        if (done == 0) {
            throw failure;
        }
        return done;
    }

    /** Gives it its first contents, which stay in host memory until a page is asked for. */
    void preload(byte[] bytes) {
        disk = bytes;
        diskBytes = bytes.length;
        sizeBytes = bytes.length;
    }

    /** Makes it stand for a device, {@code major << 8 | minor}, with or without memory. */
    void setDevice(int deviceNumber, long address, long lengthBytes) {
        device = deviceNumber;
        deviceAddress = address;
        deviceLengthBytes = lengthBytes;
    }

    Pipe pipe() {
        return pipe;
    }

    InodeTable table() {
        return table;
    }

    CachedPages pages() {
        return pages;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(diskBytes);
        out.write(disk, 0, diskBytes);
        out.writeLong(sizeBytes);
        out.writeInt(permissions);
        out.writeInt(device);
        out.writeLong(deviceAddress);
        out.writeLong(deviceLengthBytes);
        out.writeInt(links);
        out.writeInt(references);
        pages.save(out);
        if (pipe != null) {
            pipe.save(out);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        diskBytes = in.readInt();
        disk = new byte[diskBytes];
        in.readFully(disk);
        sizeBytes = in.readLong();
        permissions = in.readInt();
        device = in.readInt();
        deviceAddress = in.readLong();
        deviceLengthBytes = in.readLong();
        links = in.readInt();
        references = in.readInt();
        pages.restore(in);
        if (pipe != null) {
            pipe.restore(in);
        }
    }
}
