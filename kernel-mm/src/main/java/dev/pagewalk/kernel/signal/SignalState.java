package dev.pagewalk.kernel.signal;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Arrays;

/** One task's side of signals: what it blocks, what waits to be delivered, where handlers may put their frames. */
public final class SignalState implements Snapshotable {
    /** What waits, by signal: each at most once, as Linux keeps its standard signals. */
    private final SignalInfo[] pending = new SignalInfo[Signal.HIGHEST + 1];

    private long pendingSet;
    private long blocked;
    private long blockedBeforeSuspend;
    private boolean suspended;
    private AlternateStack alternateStack = AlternateStack.NONE;

    public long blocked() {
        return blocked;
    }

    /** SIGKILL and SIGSTOP stay unblocked whatever is asked. */
    public void block(long set) {
        blocked = set & ~SignalSet.UNSTOPPABLE;
    }

    public AlternateStack alternateStack() {
        return alternateStack;
    }

    public void setAlternateStack(AlternateStack stack) {
        alternateStack = stack;
    }

    /** Lets a signal wait for its delivery; one that waits already stays as it is. */
    public void post(SignalInfo info) {
        if (!SignalSet.contains(pendingSet, info.signal())) {
            pending[info.signal()] = info;
            pendingSet |= SignalSet.of(info.signal());
        }
    }

    public long pendingSet() {
        return pendingSet;
    }

    /** What can be delivered now. */
    public long deliverable() {
        return pendingSet & ~blocked;
    }

    /** Takes the next signal to deliver; null where there is none. */
    public SignalInfo takeDeliverable() {
        long set = deliverable();
        if (set == 0) {
            return null;
        }
        int signal = SignalSet.lowest(set);
        SignalInfo info = pending[signal];
        discard(SignalSet.of(signal));
        return info;
    }

    /** Forgets what waits of some signals. */
    public void discard(long set) {
        for (long rest = pendingSet & set; rest != 0; rest &= rest - 1) {
            pending[SignalSet.lowest(rest)] = null;
        }
        pendingSet &= ~set;
    }

    /** rt_sigsuspend(2): another mask until a handler has run. */
    public void suspend(long mask) {
        blockedBeforeSuspend = blocked;
        suspended = true;
        block(mask);
    }

    public boolean isSuspended() {
        return suspended;
    }

    /** The mask of before {@link #suspend}, which the return of the handler that ends the suspension brings back. */
    public long maskBeforeSuspend() {
        return blockedBeforeSuspend;
    }

    public void endSuspension() {
        suspended = false;
    }

    /** What a forked child takes over: mask and alternate stack, no pending signals. */
    public void inheritFrom(SignalState parent) {
        blocked = parent.blocked;
        alternateStack = parent.alternateStack;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(pendingSet);
        for (SignalInfo info : pending) {
            if (info != null) {
                info.save(out);
            }
        }
        out.writeLong(blocked);
        out.writeLong(blockedBeforeSuspend);
        out.writeBoolean(suspended);
        out.writeLong(alternateStack.start());
        out.writeLong(alternateStack.lengthBytes());
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        Arrays.fill(pending, null);
        pendingSet = in.readLong();
        for (long rest = pendingSet; rest != 0; rest &= rest - 1) {
            SignalInfo info = SignalInfo.restore(in);
            pending[info.signal()] = info;
        }
        blocked = in.readLong();
        blockedBeforeSuspend = in.readLong();
        suspended = in.readBoolean();
        alternateStack = new AlternateStack(in.readLong(), in.readLong());
    }
}
