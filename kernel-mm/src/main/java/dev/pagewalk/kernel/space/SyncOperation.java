package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/**
 * msync. What is stored through a shared mapping is in the file at once, so there is nothing to write back: only the
 * arguments are checked. Source: Linux, mm/msync.c.
 */
final class SyncOperation {
    private final AddressSpace space;

    SyncOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * @param invalidates MS_INVALIDATE: other mappings of the file are to see what was stored, which they do anyway
     * @throws KernelException INVALID_ARGUMENT for an unaligned start; BUSY where locked memory is to be invalidated;
     *     UNMAPPED_MEMORY where there are gaps or the range wraps around
     */
    void sync(long start, long lengthBytes, boolean invalidates) throws KernelException {
        if (!AddressSpace.isPageAligned(start)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        long end = start + AddressSpace.roundUp(lengthBytes);
        if (end == start) {
            return;
        }
        if (start < 0 || Long.compareUnsigned(end, start) < 0) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
        long to = end < 0 ? Long.MAX_VALUE : end;
        long reached = start;
        boolean hasGaps = false;
        for (Region at = space.regions().firstIn(reached, to);
                at != null;
                at = space.regions().firstIn(reached, to)) {
            space.services().meter().regionLookup();
            hasGaps |= at.start() > reached;
            if (invalidates && at.has(Advice.LOCKED)) {
                throw KernelError.BUSY.exception();
            }
            reached = at.end();
        }
        if (hasGaps || reached < to) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
    }
}
