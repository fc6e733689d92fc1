package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelException;

/** A mapping that lasts as long as a scope (S9): closing it unmaps it. */
public final class GuardedRegion implements AutoCloseable {
    private final AddressSpace space;
    private final long start;
    private final long lengthBytes;
    private boolean open = true;

    GuardedRegion(AddressSpace space, long start, long lengthBytes) {
        this.space = space;
        this.start = start;
        this.lengthBytes = lengthBytes;
    }

    public long start() {
        return start;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /** Unmaps it; once is enough. */
    @Override
    public void close() {
        if (open) {
            open = false;
            try {
                space.unmap(start, lengthBytes);
            } catch (KernelException refused) {
                throw new IllegalStateException("a mapping of one's own can be unmapped", refused);
            }
        }
    }
}
