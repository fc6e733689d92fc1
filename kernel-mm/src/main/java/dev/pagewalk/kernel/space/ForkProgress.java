package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/**
 * How far a fork has got between two kernel steps.
 *
 * @param phase what is being done
 * @param next the address up to which the phase has got in the parent's regions
 * @param narrowed whether any page of the parent has lost the right to be written
 */
public record ForkProgress(Phase phase, long next, boolean narrowed) {
    private static final Phase[] PHASES = Phase.values();

    /** The parts of a fork, in order; {@link #ABANDON} and {@link #FAILED} follow on running out of memory. */
    public enum Phase {
        /** Copy-on-write: the child gets the regions, and all tables that it will need. */
        RESERVE,
        /** Copy-on-write: the child becomes an owner of the parent's frames, the parent's PTEs lose W. Cannot fail. */
        SHARE,
        /** Eager: the child gets the regions and copies of the pages. */
        COPY,
        /** The half-made child is taken down. */
        ABANDON,
        DONE,
        /** The child's memory is gone, the parent's as it was: OUT_OF_MEMORY. */
        FAILED
    }

    /** A fork that is about to begin. */
    public static ForkProgress begin(ForkStrategy strategy) {
        return at(strategy == ForkStrategy.EAGER ? Phase.COPY : Phase.RESERVE);
    }

    static ForkProgress at(Phase phase) {
        return new ForkProgress(phase, 0, false);
    }

    /** Whether there is no further step. */
    public boolean isOver() {
        return phase == Phase.DONE || phase == Phase.FAILED;
    }

    public void save(ByteArrayDataOutput out) {
        out.writeByte(phase.ordinal());
        out.writeLong(next);
        out.writeBoolean(narrowed);
    }

    public static ForkProgress restore(ByteArrayDataInput in) {
        return new ForkProgress(PHASES[in.readByte()], in.readLong(), in.readBoolean());
    }
}
