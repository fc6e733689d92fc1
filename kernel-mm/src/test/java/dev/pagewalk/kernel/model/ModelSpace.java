package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.mmu.access.AccessType;

/**
 * An address space as an array of pages. Here is what becomes of pages when they are touched; what system calls do with
 * whole ranges stands in classes of its own.
 */
final class ModelSpace {
    final Arena arena;
    private final HugePages hugePages;
    private final KernelChoices choices;
    private final int number;
    private final ModelPage[] pages;

    /** Relative to the heap's start. */
    long breakBytes;

    int initialAdvice;

    /** How many huge pages were brought. */
    int hugeFaults;

    /** @param number by which the kernel's choices are asked for */
    ModelSpace(Arena arena, HugePages hugePages, KernelChoices choices, int number) {
        this.arena = arena;
        this.hugePages = hugePages;
        this.choices = choices;
        this.number = number;
        this.pages = new ModelPage[arena.pages()];
    }

    /** Null where nothing is mapped, outside the arena too. */
    ModelPage page(int page) {
        return arena.contains(page) ? pages[page] : null;
    }

    /** Maps a page that shows nothing yet, in the place of whatever was there. */
    void set(int page, ModelPage mapped) {
        clear(page);
        pages[page] = mapped;
    }

    /** Unmaps a page. */
    void clear(int page) {
        if (page(page) != null) {
            discard(page);
            pages[page] = null;
        }
    }

    void clear(int from, int count) {
        for (int page = Math.max(0, from); page < Math.min(arena.pages(), from + count); page++) {
            clear(page);
        }
    }

    /** Takes what a page shows out of the page tables. */
    void discard(int page) {
        show(pages[page], null);
    }

    void show(ModelPage page, Cell cell) {
        if (page.cell != null) {
            page.cell.mappings--;
        }
        page.cell = cell;
        if (cell != null) {
            cell.mappings++;
        }
    }

    boolean anyMapped(int from, int count) {
        for (int page = from; page < from + count; page++) {
            if (page(page) != null) {
                return true;
            }
        }
        return false;
    }

    /** The page after the region that holds a page. */
    int regionEnd(int page) {
        int end = page + 1;
        while (pages[end - 1].isContinuedBy(page(end))) {
            end++;
        }
        return end;
    }

    int regionStart(int page) {
        int start = page;
        while (page(start - 1) != null && pages[start - 1].isContinuedBy(pages[start])) {
            start--;
        }
        return start;
    }

    /**
     * The guest touches a page.
     *
     * @throws KernelException INVALID_ADDRESS where nothing is mapped, PERMISSION_DENIED, PAST_END_OF_FILE
     */
    void touch(int page, AccessType access) throws KernelException {
        int asked = page(page) == null ? bottomOfStackAbove(page) : page;
        if (page(asked) == null) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        if (!Protection.permits(pages[asked].protection, access)) {
            throw KernelError.PERMISSION_DENIED.exception();
        }
        for (int grown = page; grown < asked; grown++) {
            set(grown, pages[asked].further(0));
        }
        bring(page, access);
    }

    /** Makes a page accessible, whatever its protection. */
    private void bring(int page, AccessType access) throws KernelException {
        ModelPage at = pages[page];
        boolean ownsAfterwards = access == AccessType.STORE && !at.shared;
        if (at.cell == null && at.file != null) {
            show(at, at.file.cache(at.filePage));
        } else if (at.cell == null) {
            bringZeros(page);
        }
        if (ownsAfterwards && (at.cell.file != null || at.cell.mappings > 1)) {
            show(at, at.cell.copy());
        }
    }

    /** Brings a page of zeros, which others see no more than they see its neighbours. */
    void bringZero(int page) {
        show(pages[page], new Cell(null));
    }

    private void bringZeros(int page) {
        if (!choices.isHuge(number, page)) {
            bringZero(page);
            return;
        }
        requireHugeAllowed(page);
        hugeFaults++;
        int block = arena.blockStart(page);
        for (int piece = block; piece < block + Arena.BLOCK_PAGES; piece++) {
            bringZero(piece);
        }
    }

    private void requireHugeAllowed(int page) {
        int block = arena.blockStart(page);
        int end = block + Arena.BLOCK_PAGES;
        ModelPage at = pages[page];
        boolean wanted = at.isHugeAnonymous()
                && !at.has(Advice.NO_HUGE)
                && (hugePages == HugePages.ALWAYS || at.has(Advice.HUGE));
        boolean isFree = block >= regionStart(page) && end <= regionEnd(page);
        for (int piece = block; piece < end && isFree; piece++) {
            isFree = pages[piece].cell == null;
        }
        if (!wanted || !isFree) {
            throw new AssertionError("page " + page + " lies in a huge page where none may be");
        }
    }

    /** The lowest page of the stack that may grow down to a page which is not mapped; -1 where none may. */
    private int bottomOfStackAbove(int page) {
        if (page < arena.stackLimit() || page >= arena.stackTop()) {
            return -1;
        }
        int above = page;
        while (above < arena.stackTop() && pages[above] == null) {
            above++;
        }
        if (above == arena.stackTop() || pages[above].kind != RegionKind.STACK) {
            return -1;
        }
        int below = page - 1;
        while (below >= 0 && pages[below] == null) {
            below--;
        }
        boolean tooClose = below >= 0
                && pages[below].kind != RegionKind.STACK
                && pages[below].protection != Protection.NONE
                && page - (below + 1) < arena.stackGuardPages();
        return tooClose ? -1 : above;
    }

    /** A file has become shorter. */
    void truncated(ModelFile file) {
        for (int page = 0; page < pages.length; page++) {
            ModelPage at = pages[page];
            if (at != null && at.file == file && file.isPastEnd(at.filePage)) {
                discard(page);
            }
        }
    }

    /** MAP_POPULATE: brings what can be brought. */
    void populate(int from, int count) {
        for (int page = from; page < from + count; page++) {
            ModelPage at = page(page);
            if (at != null && at.protection != Protection.NONE && !at.has(Advice.LOCKED_ON_FAULT)) {
                try {
                    bringAsFirstTouched(page);
                } catch (KernelException pastEndOfFile) {
                    // The rest comes nevertheless.
                }
            }
        }
    }

    /** As the guest is likely to touch it first. */
    void bringAsFirstTouched(int page) throws KernelException {
        boolean toStore = (pages[page].protection & Protection.WRITE) != 0 && !pages[page].shared;
        bring(page, toStore ? AccessType.STORE : AccessType.LOAD);
    }

    /** fork: what the child sees. */
    ModelSpace fork(ForkStrategy strategy, int childNumber) {
        ModelSpace child = new ModelSpace(arena, hugePages, choices, childNumber);
        child.breakBytes = breakBytes;
        for (int page = 0; page < pages.length; page++) {
            ModelPage at = pages[page];
            if (at != null && !at.has(Advice.DONT_FORK)) {
                ModelPage inherited = at.further(0);
                inherited.dropLocks();
                child.set(page, inherited);
                boolean copies = strategy == ForkStrategy.EAGER && at.cell != null && at.cell.file == null;
                child.show(inherited, copies ? at.cell.copy() : at.cell);
            }
        }
        return child;
    }
}
