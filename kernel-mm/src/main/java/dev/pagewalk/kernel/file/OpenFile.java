package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * An open file description: what descriptors name, shared by dup and fork. It has the offset and the access mode; what
 * reading and writing do is its kind's.
 *
 * <p>Bytes go through arrays of the caller, who copies them to or from user memory and pays for that. Nothing here waits:
 * what would have to wait says so by its result, and by {@link #awaited} for what.
 */
public abstract class OpenFile implements Snapshotable {
    /** The result of a read that would have to wait. */
    public static final int WOULD_WAIT = -1;

    /** How {@link #seek} counts. Source: Linux, include/uapi/linux/fs.h. */
    public static final int SEEK_SET = 0;

    public static final int SEEK_CURRENT = 1;
    public static final int SEEK_END = 2;
    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;

    private final OpenFileTable table;
    private final long number;
    private final Inode inode;
    private int flags;
    private int references = 1;

    OpenFile(OpenFileTable table, long number, Inode inode, int flags) {
        this.table = table;
        this.number = number;
        this.inode = inode;
        this.flags = flags & ~OpenFlags.ONLY_AT_OPEN;
    }

    /** Counted from 1, never used again. */
    public final long number() {
        return number;
    }

    public final Inode inode() {
        return inode;
    }

    public final boolean isReadable() {
        int mode = flags & OpenFlags.ACCESS_MODE;
        return !isPathOnly() && (mode == OpenFlags.READ_ONLY || mode == OpenFlags.READ_WRITE);
    }

    public final boolean isWritable() {
        int mode = flags & OpenFlags.ACCESS_MODE;
        return !isPathOnly() && (mode == OpenFlags.WRITE_ONLY || mode == OpenFlags.READ_WRITE);
    }

    /** Whether it stands for a place alone (O_PATH): nothing can be done with the file itself. */
    public final boolean isPathOnly() {
        return (flags & OpenFlags.PATH_ONLY) != 0;
    }

    /** Whether calls fail that would have to wait. */
    public final boolean isNonBlocking() {
        return (flags & OpenFlags.NON_BLOCKING) != 0;
    }

    final boolean isAppending() {
        return (flags & OpenFlags.APPEND) != 0;
    }

    /** What fcntl(F_GETFL) returns. */
    public final int statusFlags() {
        return flags;
    }

    /** What fcntl(F_SETFL) does: bits that cannot be changed stay as they are. */
    public final void setStatusFlags(int newFlags) {
        flags = flags & ~OpenFlags.CHANGEABLE | newFlags & OpenFlags.CHANGEABLE;
    }

    /** One descriptor more names it. */
    public final void addReference() {
        references++;
    }

    /** One descriptor less names it; the last one closes it. */
    public final void release() {
        if (references == 0) {
            throw new IllegalStateException("open file " + number + " is closed already");
        }
        references--;
        if (references == 0) {
            table.remove(this);
            closed();
            inode.release();
        }
    }

    /** The last descriptor has gone. */
    void closed() {}

    /**
     * Reads at the offset, which moves on.
     *
     * @return how many bytes, 0 at the end; {@link #WOULD_WAIT}
     * @throws KernelException what the kind cannot do, or OUT_OF_MEMORY
     */
    public int read(byte[] target, int length) throws KernelException {
        throw KernelError.INVALID_ARGUMENT.exception();
    }

    /**
     * How much of a write of that length goes in at once: asked before its bytes are taken from user memory.
     *
     * @param lengthBytes what remains of the whole call, more than 0
     * @return 0 where the write would have to wait
     * @throws KernelException BROKEN_PIPE
     */
    public int room(long lengthBytes) throws KernelException {
        return (int) Math.min(lengthBytes, FrameStore.PAGE_BYTES);
    }

    /**
     * Writes at the offset, which moves on, or at the end of the file where it was opened so.
     *
     * @param length no more than {@link #room} said
     * @return how many bytes; fewer where memory ran out
     * @throws KernelException what the kind cannot do; NO_SPACE, OUT_OF_MEMORY, FILE_TOO_LARGE, BROKEN_PIPE
     */
    public int write(byte[] source, int length) throws KernelException {
        throw KernelError.INVALID_ARGUMENT.exception();
    }

    /** Whether it has an offset, so that reads and writes can name their own. */
    public boolean isSeekable() {
        return false;
    }

    /**
     * Reads elsewhere; the offset stays.
     *
     * @param offset not negative
     * @throws KernelException NOT_SEEKABLE, else as {@link #read}
     */
    public int readAt(long offset, byte[] target, int length) throws KernelException {
        throw KernelError.NOT_SEEKABLE.exception();
    }

    /**
     * Writes elsewhere; the offset stays. What was opened to append still appends.
     *
     * @param offset not negative
     * @throws KernelException NOT_SEEKABLE, else as {@link #write}
     */
    public int writeAt(long offset, byte[] source, int length) throws KernelException {
        throw KernelError.NOT_SEEKABLE.exception();
    }

    /**
     * Moves the offset.
     *
     * @return the new one
     * @throws KernelException NOT_SEEKABLE; INVALID_ARGUMENT for another {@code whence}, or where the offset would be
     *     negative; NO_SUCH_OFFSET
     */
    public long seek(long offset, int whence) throws KernelException {
        throw KernelError.NOT_SEEKABLE.exception();
    }

    /**
     * Changes the size of a regular file that is open for writing.
     *
     * @throws KernelException INVALID_ARGUMENT for anything else
     */
    public void truncate(long newSizeBytes) throws KernelException {
        throw KernelError.INVALID_ARGUMENT.exception();
    }

    /**
     * What a read or write of a pipe waits for that would have to wait.
     *
     * @param lengthBytes what remains of the whole call
     * @throws IllegalStateException where it is no pipe
     */
    public Readiness awaited(boolean toRead, long lengthBytes) {
        throw new IllegalStateException(inode.kind() + " is no pipe");
    }

    /**
     * The path of a directory.
     *
     * @throws KernelException NOT_A_DIRECTORY
     */
    public String directoryPath() throws KernelException {
        throw KernelError.NOT_A_DIRECTORY.exception();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(references);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        references = in.readInt();
    }
}
