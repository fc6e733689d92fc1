package dev.pagewalk.kernel.space;

/**
 * A range of user pages of one kind and protection (S5).
 *
 * @param start first address, a multiple of 4096
 * @param end the address after the last, a multiple of 4096, not before the start
 * @param kind what it is for
 * @param protection {@link Protection} bits
 */
public record Region(long start, long end, RegionKind kind, int protection) {
    public Region {
        if (((start | end) & 4095) != 0 || start < 0 || end < start) {
            throw new IllegalArgumentException(String.format("no region from 0x%x to 0x%x", start, end));
        }
    }

    public long lengthBytes() {
        return end - start;
    }

    /** End exclusive; an empty region contains nothing. */
    public boolean contains(long address) {
        return address >= start && address < end;
    }

    /** Whether a byte of {@code [otherStart, otherEnd)} lies in this region; adjacency is no overlap. */
    public boolean overlaps(long otherStart, long otherEnd) {
        return start < otherEnd && otherStart < end && start < end && otherStart < otherEnd;
    }

    /** Whether the two differ in nothing but their place, so that adjacent ones are merged. */
    boolean isLike(Region other) {
        return kind == other.kind && protection == other.protection;
    }

    Region between(long newStart, long newEnd) {
        return new Region(newStart, newEnd, kind, protection);
    }

    Region withProtection(int newProtection) {
        return new Region(start, end, kind, newProtection);
    }
}
