package dev.pagewalk.mmu.table;

/**
 * How many levels the page tables have, and with that how wide a virtual address is.
 *
 * <p>Level 0 holds 4 KiB leaves; each level up multiplies the page by 512. Source: RISC-V Privileged ISA, "Sv39:
 * Page-Based 39-bit Virtual-Memory System" and its siblings for 48 and 57 bits; the satp field is in "Supervisor Address
 * Translation and Protection (satp) Register".
 */
public enum PagingMode {
    SV39(3, 8),
    SV48(4, 9),
    SV57(5, 10);

    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_BYTES = 1 << PAGE_SHIFT;
    /** Clears the offset within a 4 KiB page. */
    public static final long PAGE_MASK = -PAGE_BYTES;
    /** PTEs in one table. */
    public static final int TABLE_ENTRIES = 512;

    private static final int INDEX_BITS = 9;

    private final int levels;
    private final int satpMode;

    PagingMode(int levels, int satpMode) {
        this.levels = levels;
        this.satpMode = satpMode;
    }

    /** The depth of the tree; the root table is at level {@code levels() - 1}. */
    public int levels() {
        return levels;
    }

    /** The value of satp's MODE field. */
    public int satpMode() {
        return satpMode;
    }

    public int virtualAddressBits() {
        return PAGE_SHIFT + INDEX_BITS * levels;
    }

    /** Whether all bits above the address's width equal its top bit. */
    public boolean isCanonical(long virtualAddress) {
        int unusedBits = 64 - virtualAddressBits();
        return virtualAddress << unusedBits >> unusedBits == virtualAddress;
    }

    /** The first address after the user half; the kernel half mirrors it at the top of the 64-bit space. */
    public long userHalfEnd() {
        return 1L << virtualAddressBits() - 1;
    }

    public boolean isUserHalf(long virtualAddress) {
        return virtualAddress >= 0 && virtualAddress < userHalfEnd();
    }

    /** Which of a level's 512 PTEs translates this address. */
    public int index(long virtualAddress, int level) {
        return (int) (virtualAddress >>> PAGE_SHIFT + INDEX_BITS * level) & TABLE_ENTRIES - 1;
    }

    /** The size of the page that a leaf at this level maps: 4 KiB, 2 MiB, 1 GiB, 512 GiB, 256 TiB. */
    public static long pageSizeBytes(int level) {
        return 1L << PAGE_SHIFT + INDEX_BITS * level;
    }
}
