package dev.pagewalk.kernel.file;

/** What an {@link Inode} is: it decides how it is read, written and mapped. */
public enum InodeKind {
    /** Bytes in the page cache. Memory that is shared without a file is an unnamed one. */
    REGULAR,
    DIRECTORY,
    /** A range of physical memory that is no RAM, such as the framebuffer. */
    DEVICE,
    CONSOLE,
    /** {@code /dev/null}. */
    NULL,
    /** {@code /dev/zero}. */
    ZERO,
    PIPE
}
