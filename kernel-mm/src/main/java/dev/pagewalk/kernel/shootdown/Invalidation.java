package dev.pagewalk.kernel.shootdown;

/**
 * How cached translations are taken away. Whoever narrows a PTE calls it, mostly through an {@link InvalidationBatch}; when a
 * call returns, no hart can use what was named any more.
 */
public interface Invalidation {
    /** Takes away what is cached of one page, of whatever size; pointers in page-walk caches may stay. */
    void flushPage(int asid, long virtualAddress);

    /** Takes away all that is cached of an address space, page-walk caches included. */
    void flushSpace(int asid);

    /** Who is told how operations get on. */
    InvalidationObserver observer();
}
