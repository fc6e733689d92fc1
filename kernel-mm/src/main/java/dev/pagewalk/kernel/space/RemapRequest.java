package dev.pagewalk.kernel.space;

/**
 * What mremap is asked for. Lengths are unsigned and rounded up to pages.
 *
 * @param flags MREMAP bits; unknown ones are refused
 * @param newAddress where to, with {@link #FIXED}; a hint with {@link #DONT_UNMAP}; else of no interest
 */
public record RemapRequest(long address, long oldLengthBytes, long newLengthBytes, long flags, long newAddress) {
    /** MREMAP_MAYMOVE: another place will do where this one is too small. */
    public static final long MAY_MOVE = 1;

    /** MREMAP_FIXED: to the new address, whatever is mapped there now. */
    public static final long FIXED = 2;

    /** MREMAP_DONTUNMAP: the pages move, the old mapping stays, empty. */
    public static final long DONT_UNMAP = 4;

    static final long ALL_FLAGS = MAY_MOVE | FIXED | DONT_UNMAP;

    boolean has(long flag) {
        return (flags & flag) != 0;
    }

    /** Whether the mapping leaves its place whatever its length. */
    boolean alwaysMoves() {
        return has(FIXED | DONT_UNMAP);
    }
}
