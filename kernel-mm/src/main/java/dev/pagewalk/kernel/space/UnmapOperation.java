package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;

/**
 * munmap: cuts a range out of the regions, clears its PTEs, invalidates, frees. Source: munmap(2) and Linux, mm/vma.c:
 * the range may span regions and gaps, an empty one succeeds.
 */
final class UnmapOperation {
    private final AddressSpace space;

    UnmapOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * Nothing is to be mapped there for a while.
     *
     * @throws KernelException INVALID_ARGUMENT for an unaligned start, a length of 0, or a range outside user space;
     *     RESOURCE_EXHAUSTED where a split would exceed the number of regions
     */
    void unmap(long start, long lengthBytes) throws KernelException {
        if (isMapped(start, lengthBytes)) {
            cut(start, AddressSpace.roundUp(start + lengthBytes));
        }
    }

    /**
     * Something else takes the place at once.
     *
     * @throws KernelException as {@link #unmap}
     */
    void makeRoom(long start, long lengthBytes) throws KernelException {
        if (isMapped(start, lengthBytes)) {
            long end = AddressSpace.roundUp(start + lengthBytes);
            removeRegions(start, end);
            removePages(start, end);
        }
    }

    private boolean isMapped(long start, long lengthBytes) throws KernelException {
        long end = AddressSpace.roundUp(start + lengthBytes);
        if (!AddressSpace.isPageAligned(start)
                || lengthBytes <= 0
                || start < 0
                || end <= start
                || end > space.layout().userEnd()) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        space.services().meter().regionLookup();
        if (!space.regions().overlaps(start, end)) {
            return false;
        }
        if (!space.regions().hasRoomFor(space.regions().addedByRemoving(start, end))) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        return true;
    }

    /** Takes regions and pages of a range away, which cannot fail. Nothing is to be mapped there for a while. */
    void cut(long start, long end) {
        removeRegions(start, end);
        InvalidationBatch batch = space.invalidationBatch();
        batch.mayLinger(start, end);
        removePages(start, end, batch);
    }

    private void removeRegions(long start, long end) {
        space.services().meter().regionChange();
        space.regions().remove(start, end);
    }

    /** Unhooks, invalidates and frees the pages of a range that no region covers any more, and the tables below it. */
    void removePages(long start, long end) {
        removePages(start, end, space.invalidationBatch());
    }

    private void removePages(long start, long end, InvalidationBatch batch) {
        long reached = start;
        while (reached < end) {
            reached = space.clearPages(reached, end, batch);
            if (reached < end) {
                batch.issue();
            }
        }
        space.unhookUnusedTables(start, end, batch);
        batch.issue();
    }
}
