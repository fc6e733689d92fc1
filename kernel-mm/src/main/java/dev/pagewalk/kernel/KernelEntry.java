package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.state.Snapshotable;

/** What a hart is in the kernel for, beyond what its task's work says. */
final class KernelEntry implements Snapshotable {
    private static final TrapCause[] CAUSES = TrapCause.values();

    /** A trap that is to be handled once the hart has its address space's lock; null where there is none. */
    TrapCause cause;

    /** stval of that trap. */
    long value;

    /** It serves an inter-processor interrupt that has interrupted the guest. */
    boolean servesInterrupt;

    /** It has brought a page, and keeps the lock until the faulting instruction has executed once. */
    boolean hasFaulted;

    /** The guest executes that instruction now. */
    boolean executesOnce;

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeByte(cause == null ? -1 : cause.ordinal());
        out.writeLong(value);
        out.writeBoolean(servesInterrupt);
        out.writeBoolean(hasFaulted);
        out.writeBoolean(executesOnce);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        int ordinal = in.readByte();
        cause = ordinal < 0 ? null : CAUSES[ordinal];
        value = in.readLong();
        servesInterrupt = in.readBoolean();
        hasFaulted = in.readBoolean();
        executesOnce = in.readBoolean();
    }
}
