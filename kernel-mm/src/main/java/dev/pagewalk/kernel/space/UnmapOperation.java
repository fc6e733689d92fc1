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
     * @throws KernelException INVALID_ARGUMENT for an unaligned start, a length of 0, or a range outside user space;
     *     RESOURCE_EXHAUSTED where a split would exceed the number of regions
     */
    void unmap(long start, long lengthBytes) throws KernelException {
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
            return;
        }
        if (!space.regions().hasRoomFor(space.regions().addedByRemoving(start, end))) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        cut(start, end);
    }

    /** Takes regions and pages of a range away, which cannot fail. */
    void cut(long start, long end) {
        space.services().meter().regionChange();
        space.regions().remove(start, end);
        removePages(start, end);
    }

    /** Unhooks, invalidates and frees the pages of a range that no region covers any more, and the tables below it. */
    void removePages(long start, long end) {
        InvalidationBatch batch = space.invalidationBatch();
        long reached = start;
        while (reached < end) {
            reached = space.clearPages(reached, end, batch);
            if (reached < end) {
                batch.complete();
            }
        }
        space.unhookUnusedTables(start, end, batch);
        batch.complete();
    }
}
