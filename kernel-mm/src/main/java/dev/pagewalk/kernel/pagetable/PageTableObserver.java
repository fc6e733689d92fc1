package dev.pagewalk.kernel.pagetable;

/** Is told of every page-table entry that the kernel changes, so that it can check that no hart relies on the old one. */
@FunctionalInterface
public interface PageTableObserver {
    /** Wants to know nothing. */
    PageTableObserver NONE = (root, virtualAddress, level, before, after) -> {};

    /**
     * Called when the new word stands in memory; must change nothing that the guest could notice. Words of tables that no
     * entry leads to yet may be told or not; what the hardware does to A and D is not told.
     *
     * @param root the physical address of the tree's root table
     * @param virtualAddress any that the entry translates
     * @param level of the table that the entry is in: 0 for a 4 KiB page's entry
     * @param before the old word
     * @param after the new word
     */
    void entryChanged(long root, long virtualAddress, int level, long before, long after);
}
