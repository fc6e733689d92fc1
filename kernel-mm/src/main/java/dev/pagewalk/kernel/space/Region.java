package dev.pagewalk.kernel.space;

/**
 * A range of user pages of one kind and protection (S5).
 *
 * @param start first address, a multiple of 4096
 * @param end the address after the last, a multiple of 4096, not before the start
 * @param kind what it is for
 * @param protection {@link Protection} bits
 * @param backing where its bytes come from; null for private memory that begins as zeros
 * @param advice {@link Advice} bits
 */
public record Region(long start, long end, RegionKind kind, int protection, Backing backing, int advice) {
    public Region {
        if (((start | end) & 4095) != 0 || start < 0 || end < start) {
            throw new IllegalArgumentException(String.format("no region from 0x%x to 0x%x", start, end));
        }
    }

    /** Private memory that begins as zeros, about which nothing has been said. */
    public Region(long start, long end, RegionKind kind, int protection) {
        this(start, end, kind, protection, null, Advice.NONE);
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

    /** Whether all of the given advice has been taken. */
    public boolean has(int adviceBits) {
        return (advice & adviceBits) == adviceBits;
    }

    /** Whether stores to it are seen by others that map the same: private memory gets copies instead. */
    public boolean isShared() {
        return backing instanceof FileBacking file ? file.shared() : backing != null || kind == RegionKind.SHARED;
    }

    /** Whether its pages are no frames of RAM. */
    public boolean isDevice() {
        return backing instanceof DeviceBacking;
    }

    /**
     * Whether it can neither grow nor be locked nor become one with a neighbour. Source: Linux, include/linux/mm.h, {@code
     * VM_SPECIAL}.
     */
    public boolean isSpecial() {
        return kind == RegionKind.DEVICE || kind == RegionKind.VDSO;
    }

    /**
     * The page of its file that stands at an address.
     *
     * @return the page's index in the file; meaningful where the backing is a file
     */
    public long filePage(long address) {
        return ((FileBacking) backing).offset() + (address - start) >> 12;
    }

    /**
     * Whether a region that begins where this one ends carries it on, so that the two are one. Source: Linux, mm/vma.c,
     * {@code is_mergeable_vma} and {@code can_vma_merge_after}: the same flags and file, and contiguous offsets.
     */
    boolean isContinuedBy(Region next) {
        return end == next.start
                && kind == next.kind
                && protection == next.protection
                && advice == next.advice
                && !isSpecial()
                && (backing == null ? next.backing == null : backing.isContinuedBy(next.backing, lengthBytes()));
    }

    /** The part of it, or the extension, that lies in a range. */
    Region between(long newStart, long newEnd) {
        return new Region(newStart, newEnd, kind, protection, shifted(newStart - start), advice);
    }

    /**
     * What of it begins at an address, mapped elsewhere and perhaps longer. Heap and stack are what they are for their place
     * alone.
     */
    Region movedTo(long from, long target, long newLengthBytes) {
        boolean isPlace = kind == RegionKind.HEAP || kind == RegionKind.STACK;
        RegionKind newKind = isPlace ? RegionKind.ANONYMOUS : kind;
        return new Region(target, target + newLengthBytes, newKind, protection, shifted(from - start), advice);
    }

    private Backing shifted(long bytes) {
        return backing == null || bytes == 0 ? backing : backing.shiftedBy(bytes);
    }

    Region withProtection(int newProtection) {
        return new Region(start, end, kind, newProtection, backing, advice);
    }

    Region withAdvice(int newAdvice) {
        return new Region(start, end, kind, protection, backing, newAdvice);
    }
}
