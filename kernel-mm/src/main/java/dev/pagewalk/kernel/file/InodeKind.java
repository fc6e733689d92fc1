package dev.pagewalk.kernel.file;

/** What an {@link Inode} is: it decides how it is read, written and mapped. */
public enum InodeKind {
    /** Bytes in the page cache. Memory that is shared without a file is an unnamed one. */
    REGULAR(0100000),
    DIRECTORY(0040000),
    /** A range of physical memory that is no RAM, such as the framebuffer. */
    DEVICE(0020000),
    CONSOLE(0020000),
    /** {@code /dev/null}. */
    NULL(0020000),
    /** {@code /dev/zero}. */
    ZERO(0020000),
    PIPE(0010000);

    private final int typeBits;

    InodeKind(int typeBits) {
        this.typeBits = typeBits;
    }

    /** The S_IFMT bits of its mode. Source: Linux, include/uapi/linux/stat.h. */
    int typeBits() {
        return typeBits;
    }
}
