package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.code.CodePage;

/**
 * Four consecutive pages of virtual memory, 16 KiB aligned, as far as they hold code: that is how far regions reach.
 *
 * <p>Its slots are those of its pages, one behind the other: 0 to 8191.
 */
final class CodeWindow {
    static final int PAGES = 4;
    static final int SLOTS = PAGES * CodePage.SLOTS;
    static final long BYTES = SLOTS * 2L;

    /** Null where there is no code. */
    private final CodePage[] pages;

    CodeWindow(CodePage[] pages) {
        this.pages = pages.clone();
    }

    /** The first address of the window around an address. */
    static long startOf(long virtualAddress) {
        return virtualAddress & -BYTES;
    }

    /** The slot of an address in its window. */
    static int slotOf(long virtualAddress) {
        return (int) virtualAddress >>> 1 & SLOTS - 1;
    }

    /** The number of the page that a slot is in, 0 to 3. */
    static int pageIndex(int slot) {
        return slot / CodePage.SLOTS;
    }

    /** The page that a slot of the window is in; null where that holds no code. */
    CodePage page(int slot) {
        return pages[pageIndex(slot)];
    }

    /** The slot in its page. */
    static int slotInPage(int slot) {
        return slot & CodePage.SLOTS - 1;
    }

    /** A copy of all decoded instructions, by slot. */
    long[] words() {
        long[] words = new long[SLOTS];
        for (int index = 0; index < PAGES; index++) {
            if (pages[index] != null) {
                System.arraycopy(pages[index].words(), 0, words, index * CodePage.SLOTS, CodePage.SLOTS);
            }
        }
        return words;
    }

    /** Whether an instruction is there. */
    boolean holds(Site site) {
        CodePage page = page(site.slot());
        return page != null && page.words()[slotInPage(site.slot())] == site.word();
    }

    /** Whether a slot is in the same page in another window. */
    boolean agrees(CodeWindow other, int slot) {
        return page(slot) == other.page(slot);
    }
}
