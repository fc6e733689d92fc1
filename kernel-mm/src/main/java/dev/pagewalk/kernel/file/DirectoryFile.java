package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/** A directory: a place from which relative paths begin. */
final class DirectoryFile extends OpenFile {
    private String path;

    DirectoryFile(OpenFileTable table, long number, Inode inode, int flags, String path) {
        super(table, number, inode, flags);
        this.path = path;
    }

    @Override
    public int read(byte[] target, int length) throws KernelException {
        throw KernelError.IS_A_DIRECTORY.exception();
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public int readAt(long offset, byte[] target, int length) throws KernelException {
        throw KernelError.IS_A_DIRECTORY.exception();
    }

    @Override
    public long seek(long offset, int whence) throws KernelException {
        if (offset != 0 || whence != SEEK_SET && whence != SEEK_CURRENT) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        return 0;
    }

    @Override
    public String directoryPath() {
        return path;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        super.save(out);
        out.writeUTF(path);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        super.restore(in);
        path = in.readUTF();
    }
}
