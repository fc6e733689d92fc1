package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.RemapRequest;

/** What mmap, munmap, mprotect, mremap and brk do to a model's pages. */
final class ModelMapping {
    private final ModelSpace space;
    private final Arena arena;
    private final HugePages hugePages;

    ModelMapping(ModelSpace space, HugePages hugePages) {
        this.space = space;
        this.arena = space.arena;
        this.hugePages = hugePages;
    }

    /**
     * mmap.
     *
     * @param first what becomes the first page; the others follow it
     * @return the first page's number
     */
    int map(int page, int count, ModelPage first, Placement placement) throws KernelException {
        if (count == 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        int start = placement == Placement.ANYWHERE
                ? findPlace(page, count, first.file == null)
                : checkedPlace(page, count, placement);
        fill(start, count, first);
        return start;
    }

    private void fill(int start, int count, ModelPage first) {
        for (int i = 0; i < count; i++) {
            space.set(start + i, first.further(i));
        }
    }

    private int checkedPlace(int page, int count, Placement placement) throws KernelException {
        if (page > arena.pages() || count > arena.pages() - page) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        if (page < 0) {
            throw KernelError.NOT_PERMITTED.exception();
        }
        if (placement == Placement.FIXED_NOREPLACE && space.anyMapped(page, count)) {
            throw KernelError.ALREADY_EXISTS.exception();
        }
        return page;
    }

    private int findPlace(int hint, int count, boolean mayBeHuge) throws KernelException {
        int wanted = Math.max(0, hint);
        if (hint != Arena.NO_HINT
                && wanted + count <= arena.pages()
                && !space.anyMapped(wanted, count)
                && !arena.meetsStackReserve(wanted, count)) {
            return wanted;
        }
        int found = -1;
        if (mayBeHuge && hugePages == HugePages.ALWAYS && count >= Arena.BLOCK_PAGES) {
            int padded = firstFit(arena.mmapStart(), count + Arena.BLOCK_PAGES - 1);
            found = padded < 0 ? -1 : arena.nextBlock(padded);
        }
        found = found < 0 ? firstFit(arena.mmapStart(), count) : found;
        found = found < 0 ? firstFit(0, count) : found;
        if (found < 0) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        return found;
    }

    private int firstFit(int from, int count) {
        int free = 0;
        for (int page = from; page < arena.stackReserveStart(); page++) {
            free = space.page(page) == null ? free + 1 : 0;
            if (free == count) {
                return page + 1 - count;
            }
        }
        return -1;
    }

    /** Maps all pages at once (S7). */
    void mapEagerly(int page, int count, RegionKind kind, int protection) throws KernelException {
        if (count == 0 || page < 0 || page + count > arena.pages()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (space.anyMapped(page, count)) {
            throw KernelError.ALREADY_EXISTS.exception();
        }
        fill(page, count, ModelPage.anonymous(kind, protection, 0));
        for (int i = page; i < page + count; i++) {
            space.bringZero(i);
        }
    }

    void unmap(int page, int count) throws KernelException {
        if (count == 0 || page + count > arena.pages()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        space.clear(page, count);
    }

    void protect(int page, int count, int protection) throws KernelException {
        for (int i = page; i < page + count; i++) {
            ModelPage at = space.page(i);
            if (at == null) {
                throw KernelError.UNMAPPED_MEMORY.exception();
            }
            if ((protection & Protection.WRITE) != 0 && at.file != null && !at.mayWrite) {
                throw KernelError.PERMISSION_DENIED.exception();
            }
            at.protection = protection;
        }
    }

    /** brk; returns the break afterwards. */
    long moveBreak(long bytes) {
        if (bytes < 0 || bytes > arena.heapLimitPages() * Arena.PAGE) {
            return space.breakBytes;
        }
        int oldEnd = arena.heapStart() + pagesFor(space.breakBytes);
        int newEnd = arena.heapStart() + pagesFor(bytes);
        if (newEnd <= oldEnd) {
            space.clear(newEnd, oldEnd - newEnd);
        } else if (newEnd > arena.stackReserveStart() || space.anyMapped(oldEnd, newEnd + 1 - oldEnd)) {
            return space.breakBytes;
        } else {
            int protection = Protection.READ | Protection.WRITE;
            fill(oldEnd, newEnd - oldEnd, ModelPage.anonymous(RegionKind.HEAP, protection, space.initialAdvice));
        }
        space.breakBytes = bytes;
        return bytes;
    }

    private static int pagesFor(long bytes) {
        return (int) ((bytes + Arena.PAGE - 1) / Arena.PAGE);
    }

    /** mremap; returns the mapping's first page. */
    int remap(int page, int oldCount, int newCount, long flags, int to) throws KernelException {
        boolean alwaysMoves = (flags & (RemapRequest.FIXED | RemapRequest.DONT_UNMAP)) != 0;
        boolean mayMove = (flags & RemapRequest.MAY_MOVE) != 0;
        boolean keepsOld = (flags & RemapRequest.DONT_UNMAP) != 0;
        if (alwaysMoves && !mayMove || keepsOld && oldCount != newCount || newCount == 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        ModelPage first = space.page(page);
        if (first == null) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        if (alwaysMoves) {
            return moveAsTold(page, oldCount, newCount, flags, to);
        }
        if (oldCount >= newCount) {
            if (oldCount > newCount) {
                unmap(page + newCount, oldCount - newCount);
            }
            return page;
        }
        checkLength(page, oldCount);
        int end = page + oldCount;
        int added = newCount - oldCount;
        if (end == space.regionEnd(page)
                && end + added <= arena.pages()
                && !arena.meetsStackReserve(end, added)
                && !space.anyMapped(end, added)) {
            fill(end, added, first.further(oldCount));
            return page;
        }
        if (!mayMove) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        int target = findPlace(Arena.NO_HINT, newCount, first.file == null);
        move(page, oldCount, target, newCount, false);
        return target;
    }

    private void checkLength(int page, int oldCount) throws KernelException {
        if (oldCount == 0 && !space.page(page).shared) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (page + oldCount > space.regionEnd(page)) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
    }

    private int moveAsTold(int page, int oldCount, int newCount, long flags, int to) throws KernelException {
        // No hint is the address 0.
        boolean leavesSpace = to != Arena.NO_HINT && to + newCount > arena.pages();
        boolean overlaps = to != Arena.NO_HINT && page + oldCount > to && to + newCount > page;
        boolean shrinksBeyond = oldCount > newCount && page + oldCount > arena.pages();
        if (leavesSpace || overlaps || shrinksBeyond) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        int moved = Math.min(oldCount, newCount);
        checkLength(page, moved);
        boolean fixed = (flags & RemapRequest.FIXED) != 0;
        if (fixed && to < 0) {
            throw KernelError.NOT_PERMITTED.exception();
        }
        ModelPage first = space.page(page);
        int target = fixed ? to : findPlace(to, newCount, first.file == null);
        move(page, moved, target, newCount, (flags & RemapRequest.DONT_UNMAP) != 0);
        space.clear(page + newCount, Math.max(0, oldCount - newCount));
        return target;
    }

    private void move(int from, int moved, int to, int newCount, boolean keepsOld) {
        ModelPage first = space.page(from);
        boolean isPlace = first.kind == RegionKind.HEAP || first.kind == RegionKind.STACK;
        fill(to, newCount, first.further(0, isPlace ? RegionKind.ANONYMOUS : first.kind));
        for (int i = 0; i < moved; i++) {
            ModelPage old = space.page(from + i);
            space.show(space.page(to + i), old.cell);
            space.discard(from + i);
            if (keepsOld) {
                old.dropLocks();
            } else {
                space.clear(from + i);
            }
        }
    }
}
