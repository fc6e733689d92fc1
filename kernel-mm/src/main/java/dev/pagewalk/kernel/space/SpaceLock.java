package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.ArrayDeque;

/**
 * An address space's lock, in simulated time: many harts share it or one has it alone, first come first served. Faults and
 * the kernel's copies share it; whatever changes the mappings excludes everybody else. Source: Linux, {@code mmap_lock}.
 *
 * <p>A kernel step takes effect when it executes, and its cycles pass afterwards: so a release is announced by the step, for
 * the cycle at which it will be over.
 */
public final class SpaceLock implements Snapshotable {
    private static final int NOBODY = -1;

    /** How a hart wants the lock. */
    public enum Mode {
        /** Together with others that share it. */
        SHARED,
        /** Alone. */
        EXCLUSIVE
    }

    private record Waiter(int hartId, Mode mode) {}

    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private long sharers;
    private int owner = NOBODY;

    /** The end of the last step with the lock, shared or not, and of the last one that had it alone. */
    private long freeCycle;

    private long freeOfOwnersCycle;

    /**
     * Takes the lock or joins the queue. A hart that has it keeps it.
     *
     * @return whether the lock is the hart's, from {@link #heldFromCycle} on; else a {@link #release} will name the hart
     */
    public boolean acquire(int hartId, Mode mode) {
        if (isHeldBy(hartId)) {
            return true;
        }
        Waiter waiter = new Waiter(hartId, mode);
        if (waiters.isEmpty() && isFreeFor(mode)) {
            grant(waiter);
            return true;
        }
        waiters.add(waiter);
        return false;
    }

    private boolean isFreeFor(Mode mode) {
        return owner == NOBODY && (mode == Mode.SHARED || sharers == 0);
    }

    private void grant(Waiter waiter) {
        if (waiter.mode == Mode.SHARED) {
            sharers |= HartBits.of(waiter.hartId);
        } else {
            owner = waiter.hartId;
        }
    }

    /**
     * Gives the lock back.
     *
     * @param atCycle the end of the step that does so
     * @return the harts that have waited and have it now, as bits: each from its {@link #heldFromCycle} on
     */
    public long release(int hartId, long atCycle) {
        if (owner == hartId) {
            owner = NOBODY;
            freeOfOwnersCycle = Math.max(freeOfOwnersCycle, atCycle);
        } else {
            sharers &= ~HartBits.of(hartId);
        }
        freeCycle = Math.max(freeCycle, atCycle);
        long granted = 0;
        while (!waiters.isEmpty() && isFreeFor(waiters.peek().mode)) {
            Waiter next = waiters.poll();
            grant(next);
            granted |= HartBits.of(next.hartId);
        }
        return granted;
    }

    /** From when on a hart that holds the lock has it; a cycle of the past says nothing. */
    public long heldFromCycle(int hartId) {
        return owner == hartId ? freeCycle : freeOfOwnersCycle;
    }

    public boolean isHeldBy(int hartId) {
        return owner == hartId || HartBits.contains(sharers, hartId);
    }

    /** For inspection: the harts that have the lock, as bits. */
    public long holders() {
        return owner == NOBODY ? sharers : HartBits.of(owner);
    }

    /** For inspection: whether one hart has it alone. */
    public boolean isExclusive() {
        return owner != NOBODY;
    }

    /** For inspection: the harts that wait for it, as bits. */
    public long waitingHarts() {
        long harts = 0;
        for (Waiter waiter : waiters) {
            harts |= HartBits.of(waiter.hartId);
        }
        return harts;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(waiters.size());
        for (Waiter waiter : waiters) {
            out.writeInt(waiter.hartId);
            out.writeByte(waiter.mode.ordinal());
        }
        out.writeLong(sharers);
        out.writeInt(owner);
        out.writeLong(freeCycle);
        out.writeLong(freeOfOwnersCycle);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        waiters.clear();
        for (int count = in.readInt(); count > 0; count--) {
            waiters.add(new Waiter(in.readInt(), Mode.values()[in.readByte()]));
        }
        sharers = in.readLong();
        owner = in.readInt();
        freeCycle = in.readLong();
        freeOfOwnersCycle = in.readLong();
    }
}
