package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/** Bytes in the page cache, read and written at an offset. */
final class RegularFile extends OpenFile {
    private long offset;

    RegularFile(OpenFileTable table, long number, Inode inode, int flags) {
        super(table, number, inode, flags);
    }

    @Override
    public int read(byte[] target, int length) throws KernelException {
        int count = inode().read(offset, target, length);
        offset += count;
        return count;
    }

    @Override
    public int room(long lengthBytes) {
        // Up to the end of a page, so that whole pages are overwritten as such.
        long at = isAppending() ? inode().sizeBytes() : offset;
        return (int) Math.min(lengthBytes, FrameStore.PAGE_BYTES - at % FrameStore.PAGE_BYTES);
    }

    @Override
    public int write(byte[] source, int length) throws KernelException {
        long at = isAppending() ? inode().sizeBytes() : offset;
        int count = inode().write(at, source, length);
        offset = at + count;
        return count;
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public int readAt(long at, byte[] target, int length) throws KernelException {
        return inode().read(at, target, length);
    }

    @Override
    public int writeAt(long at, byte[] source, int length) throws KernelException {
        return inode().write(isAppending() ? inode().sizeBytes() : at, source, length);
    }

    @Override
    public long seek(long to, int whence) throws KernelException {
        long size = inode().sizeBytes();
        long target = switch (whence) {
            case SEEK_SET -> to;
            case SEEK_CURRENT -> offset + to;
            case SEEK_END -> size + to;
            case SEEK_DATA -> withinFile(to, size);
            // The whole file counts as data, as for any file system that does not keep account of holes.
            case SEEK_HOLE -> Math.max(withinFile(to, size), size);
            default -> -1;
        };
        if (target < 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        offset = target;
        return target;
    }

    private static long withinFile(long offset, long size) throws KernelException {
        if (offset < 0 || offset >= size) {
            throw KernelError.NO_SUCH_OFFSET.exception();
        }
        return offset;
    }

    @Override
    public void truncate(long newSizeBytes) throws KernelException {
        if (newSizeBytes < 0 || !isWritable()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        inode().truncate(newSizeBytes);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        super.save(out);
        out.writeLong(offset);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        super.restore(in);
        offset = in.readLong();
    }
}
