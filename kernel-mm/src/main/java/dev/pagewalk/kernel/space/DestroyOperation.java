package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.shootdown.InvalidationBatch;

/**
 * Takes an address space down in the order of S23: PTEs, flush, then frames; at the very end, tables.
 *
 * <p>It goes step by step, so that no kernel step is as long as an address space is large.
 */
final class DestroyOperation {
    private final AddressSpace space;

    DestroyOperation(AddressSpace space) {
        this.space = space;
    }

    /** Takes the next part down; returns whether nothing is left. */
    boolean step() {
        if (!space.translations().isRetired()) {
            // No hart has ever loaded it, or nobody has asked whether one has.
            space.retire();
        }
        if (space.regions().size() > 0) {
            Region first = space.regions().firstIn(0, Long.MAX_VALUE);
            InvalidationBatch batch = space.invalidationBatch();
            long reached = space.clearPages(first.start(), first.end(), batch);
            batch.issue();
            space.regions().remove(first.start(), reached);
            return false;
        }
        space.pageTable().free();
        return true;
    }
}
