package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * The whole of a model's user space, small enough to look at every page after every step. Pages are numbered from the lowest;
 * other numbers name pages outside.
 *
 * @param userStart the address of page 0; somewhere among the pages all levels of the page tables meet a new table
 * @param hugeBlocks how many aligned 2 MiB it contains
 */
record Arena(
        long userStart,
        int pages,
        int hugeBlocks,
        int heapStart,
        int heapLimitPages,
        int mmapStart,
        int stackTop,
        int stackLimitPages,
        int stackGuardPages) {
    static final long PAGE = PagingMode.PAGE_BYTES;
    static final int BLOCK_PAGES = PagingMode.TABLE_ENTRIES;

    /** In place of a page number: no hint. */
    static final int NO_HINT = -1;

    static final int MOST_SPACES = 4;

    private static final int TAIL_PAGES = 40;

    /** How much there is of it. */
    enum Size {
        /** Too short for a huge page. */
        SMALL(0),
        /** Two huge pages, and some small ones around them. */
        LARGE(2);

        private final int hugeBlocks;

        Size(int hugeBlocks) {
            this.hugeBlocks = hugeBlocks;
        }
    }

    static Arena of(PagingMode mode, Size size) {
        int before = 40 + size.hugeBlocks / 2 * BLOCK_PAGES;
        int pages = 40 + size.hugeBlocks * BLOCK_PAGES + TAIL_PAGES;
        long boundary = PagingMode.pageSizeBytes(mode.levels() - 1);
        int heapLimit = size.hugeBlocks == 0 ? 12 : 700;
        return new Arena(boundary - before * PAGE, pages, size.hugeBlocks, 4, heapLimit, 16, pages - 4, 8, 4);
    }

    UserLayout layout() {
        return new UserLayout(
                userStart,
                address(pages),
                address(heapStart),
                heapLimitPages * PAGE,
                address(mmapStart),
                address(stackTop),
                stackLimitPages * PAGE,
                stackGuardPages * PAGE);
    }

    long address(int page) {
        return userStart + page * PAGE;
    }

    /** A length that system calls round up to so many pages. */
    static long lengthBytes(int count) {
        return count * PAGE - (count == 0 ? 0 : count * 1001L % PAGE);
    }

    /** As system calls take a wish: 0 for none. */
    long hintAddress(int page) {
        return page == NO_HINT ? 0 : address(page);
    }

    /** The page with an address, which may be unaligned. */
    int page(long address) {
        return (int) Math.floorDiv(address - userStart, PAGE);
    }

    boolean contains(int page) {
        return page >= 0 && page < pages;
    }

    int stackLimit() {
        return stackTop - stackLimitPages;
    }

    int stackReserveStart() {
        return stackLimit() - stackGuardPages;
    }

    boolean meetsStackReserve(int from, int count) {
        return from < stackTop && from + count > stackReserveStart();
    }

    /** The first page of the aligned 2 MiB that holds a page. */
    int blockStart(int page) {
        return page(address(page) & -BLOCK_PAGES * PAGE);
    }

    /** The first page from here on with which 2 MiB begin. */
    int nextBlock(int page) {
        return blockStart(page + BLOCK_PAGES - 1);
    }

    /** How far apart the pages are that are peeked at after one step; all have their turn. */
    int peekStride() {
        return hugeBlocks == 0 ? 1 : 16;
    }

    long ramBytes() {
        return hugeBlocks == 0 ? 4 << 20 : 24 << 20;
    }
}
