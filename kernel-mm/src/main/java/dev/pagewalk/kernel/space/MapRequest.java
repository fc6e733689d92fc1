package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.file.Inode;

/**
 * What mmap is asked for.
 *
 * @param address a hint, or the place with {@code placement} FIXED or FIXED_NOREPLACE
 * @param lengthBytes rounded up to pages
 * @param protection {@link Protection} bits
 * @param shared MAP_SHARED
 * @param placement how binding the address is
 * @param file what is mapped; null for memory that begins as zeros
 */
public record MapRequest(
        long address, long lengthBytes, int protection, boolean shared, Placement placement, FileRange file) {
    /** Anonymous memory. */
    public MapRequest(long address, long lengthBytes, int protection, boolean shared, Placement placement) {
        this(address, lengthBytes, protection, shared, placement, null);
    }

    /** How binding the address is. */
    public enum Placement {
        /** The address is a hint. */
        ANYWHERE,
        /** MAP_FIXED: there, whatever is mapped there now. */
        FIXED,
        /** MAP_FIXED_NOREPLACE: there, or an error. */
        FIXED_NOREPLACE
    }

    /**
     * A part of a file.
     *
     * @param offset of its first byte, a multiple of 4096
     * @param mayWrite whether a shared mapping of it may be written
     */
    public record FileRange(Inode inode, long offset, boolean mayWrite) {}
}
