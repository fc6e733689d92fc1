package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.file.Inode;

/**
 * A file, or memory shared without a file, which is an unnamed one.
 *
 * @param offset of the region's first byte in the file, in bytes, a multiple of 4096
 * @param shared whether stores reach the file; otherwise a store gets a page of its own
 * @param mayWrite whether mprotect may make it writable: always where it is private, else where the file is open for
 *     writing. Source: Linux, mm/mmap.c, {@code do_mmap}, {@code VM_MAYWRITE}
 */
public record FileBacking(Inode inode, long offset, boolean shared, boolean mayWrite) implements Backing {
    public FileBacking {
        if (offset < 0 || (offset & 4095) != 0) {
            throw new IllegalArgumentException(String.format("no page of a file begins at 0x%x", offset));
        }
    }

    @Override
    public FileBacking shiftedBy(long bytes) {
        return new FileBacking(inode, offset + bytes, shared, mayWrite);
    }

    @Override
    public boolean isContinuedBy(Backing next, long bytes) {
        return next instanceof FileBacking file
                && inode == file.inode
                && offset + bytes == file.offset
                && shared == file.shared
                && mayWrite == file.mayWrite;
    }
}
