package dev.pagewalk.kernel.file;

import dev.pagewalk.kernel.error.KernelException;

/** One end of a pipe; its access mode says which. */
final class PipeEnd extends OpenFile {
    PipeEnd(OpenFileTable table, long number, Inode inode, int flags) {
        super(table, number, inode, flags);
    }

    /** It has been opened: the pipe counts it. */
    void opened() {
        count(1);
    }

    @Override
    void closed() {
        count(-1);
        inode().table().changed(inode());
    }

    private void count(int by) {
        if (isReadable()) {
            inode().pipe().changeReaders(by);
        } else {
            inode().pipe().changeWriters(by);
        }
    }

    @Override
    public int read(byte[] target, int length) {
        Pipe pipe = inode().pipe();
        int count = pipe.read(target, length);
        if (count == 0 && length > 0 && pipe.hasWriters()) {
            return WOULD_WAIT;
        }
        if (count > 0) {
            inode().table().changed(inode());
        }
        return count;
    }

    @Override
    public int room(long lengthBytes) throws KernelException {
        inode().pipe().requireReaders();
        return inode().pipe().room(lengthBytes);
    }

    @Override
    public int write(byte[] source, int length) throws KernelException {
        int count = inode().pipe().write(source, length);
        inode().table().changed(inode());
        return count;
    }

    @Override
    public Readiness awaited(boolean toRead, long lengthBytes) {
        int needed = !toRead && lengthBytes <= Pipe.ATOMIC_BYTES ? (int) lengthBytes : 1;
        return new Readiness(inode().number(), toRead, needed);
    }
}
