package dev.pagewalk.kernel.space;

/**
 * What mmap is asked for, as far as anonymous memory goes.
 *
 * @param address a hint, or the place with {@code placement} FIXED or FIXED_NOREPLACE
 * @param lengthBytes rounded up to pages
 * @param protection {@link Protection} bits
 * @param shared MAP_SHARED
 * @param placement how binding the address is
 */
public record MapRequest(long address, long lengthBytes, int protection, boolean shared, Placement placement) {
    /** How binding the address is. */
    public enum Placement {
        /** The address is a hint. */
        ANYWHERE,
        /** MAP_FIXED: there, whatever is mapped there now. */
        FIXED,
        /** MAP_FIXED_NOREPLACE: there, or an error. */
        FIXED_NOREPLACE
    }
}
