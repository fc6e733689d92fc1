package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.state.Snapshotable;

/** The heap's bounds (S18): where it starts, how far it reaches, how far it may. Addresses need not be page-aligned. */
public final class ProgramBreak implements Snapshotable {
    private long start;
    private long limitBytes;
    private long current;

    /**
     * @param start the heap's first address, a multiple of 4096
     * @param limitBytes the longest heap, inclusive
     */
    public ProgramBreak(long start, long limitBytes) {
        this.start = start;
        this.limitBytes = limitBytes;
        this.current = start;
    }

    /** Begins an empty heap at an address. */
    void startAt(long address) {
        start = address;
        current = address;
    }

    /** Becomes what another one is. */
    void inherit(ProgramBreak other) {
        start = other.start;
        limitBytes = other.limitBytes;
        current = other.current;
    }

    public long start() {
        return start;
    }

    /** The break: the address after the heap's last byte. */
    public long current() {
        return current;
    }

    public long sizeBytes() {
        return current - start;
    }

    /**
     * Whether the break may move there.
     *
     * @throws KernelException INVALID_ADDRESS below the start, OUT_OF_MEMORY past the limit
     */
    public void check(long address) throws KernelException {
        if (address < start) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        if (address - start > limitBytes) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
    }

    /**
     * Moves the break.
     *
     * @throws KernelException as {@link #check}
     */
    public void moveTo(long address) throws KernelException {
        check(address);
        current = address;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(start);
        out.writeLong(limitBytes);
        out.writeLong(current);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        start = in.readLong();
        limitBytes = in.readLong();
        current = in.readLong();
    }
}
