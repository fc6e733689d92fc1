package dev.pagewalk.kernel.pagetable;

/**
 * Sees the leaves of a range of user pages, and may change them.
 *
 * @param <E> what ends the visits early; pages visited before keep what was written for them
 */
public interface PageVisitor<E extends Exception> {
    /**
     * @param virtualAddress the page's first
     * @param level 0 for a page of 4 KiB, 1 for one of 2 MiB: 512 frames in a row
     * @return the PTE to write instead; the same one leaves memory alone
     */
    long visit(long virtualAddress, int level, long pte) throws E;
}
