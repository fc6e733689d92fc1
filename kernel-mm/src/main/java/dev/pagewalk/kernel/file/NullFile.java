package dev.pagewalk.kernel.file;

import java.util.Arrays;

/** {@code /dev/null} and {@code /dev/zero}: both lose what is written, one gives nothing, the other zeros. */
final class NullFile extends OpenFile {
    NullFile(OpenFileTable table, long number, Inode inode, int flags) {
        super(table, number, inode, flags);
    }

    @Override
    public int read(byte[] target, int length) {
        if (inode().kind() == InodeKind.NULL) {
            return 0;
        }
        Arrays.fill(target, 0, length, (byte) 0);
        return length;
    }

    @Override
    public int write(byte[] source, int length) {
        return length;
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public int readAt(long offset, byte[] target, int length) {
        return read(target, length);
    }

    @Override
    public int writeAt(long offset, byte[] source, int length) {
        return length;
    }

    /** The offset stays 0. Source: Linux, drivers/char/mem.c, {@code null_lseek}. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }
}
