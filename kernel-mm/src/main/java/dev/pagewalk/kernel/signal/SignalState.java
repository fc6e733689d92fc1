package dev.pagewalk.kernel.signal;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * One task's side of signals: what it blocks, what waits to be delivered to it, where handlers may put their frames. What was
 * sent to its process waits for it and its siblings alike; it takes of that only when it has been alerted, or has changed what
 * it blocks. Source: Linux, kernel/signal.c, {@code recalc_sigpending}.
 */
public final class SignalState implements Snapshotable {
    private final PendingSignals own = new PendingSignals();
    private final PendingSignals shared;
    private boolean alerted;
    private long blocked;
    private long blockedBeforeSuspend;
    private boolean suspended;
    private AlternateStack alternateStack = AlternateStack.NONE;

    /** @param shared what waits for any task of the process */
    public SignalState(PendingSignals shared) {
        this.shared = shared;
    }

    public long blocked() {
        return blocked;
    }

    /** SIGKILL and SIGSTOP stay unblocked whatever is asked. */
    public void block(long set) {
        blocked = set & ~SignalSet.UNSTOPPABLE;
        alerted |= (shared.set() & ~blocked) != 0;
    }

    /** Of what waits for any task of the process, this one is to take what it can. */
    public void alert() {
        alerted = true;
    }

    /** The task has looked: it has taken what it could. */
    public void forgetAlert() {
        alerted = false;
    }

    public AlternateStack alternateStack() {
        return alternateStack;
    }

    public void setAlternateStack(AlternateStack stack) {
        alternateStack = stack;
    }

    /** Lets a signal wait for its delivery to this task alone; one that waits already stays as it is. */
    public void post(SignalInfo info) {
        own.post(info);
    }

    /** What waits for this task, be it alone or with its siblings. */
    public long pendingSet() {
        return own.set() | shared.set();
    }

    /** What can be delivered now. */
    public long deliverable() {
        return (own.set() | (alerted ? shared.set() : SignalSet.NONE)) & ~blocked;
    }

    /**
     * Takes the next signal to deliver; null where there is none. Source: Linux, kernel/signal.c, {@code dequeue_signal}: the
     * task's own come first.
     */
    public SignalInfo takeDeliverable() {
        long ofOwn = own.set() & ~blocked;
        if (ofOwn != 0) {
            return own.take(SignalSet.lowest(ofOwn));
        }
        long set = deliverable();
        return set == 0 ? null : shared.take(SignalSet.lowest(set));
    }

    /** Forgets what waits for this task alone of some signals. */
    public void discard(long set) {
        own.discard(set);
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

    /** What a child takes over: mask and alternate stack, no pending signals. */
    public void inheritFrom(SignalState parent) {
        blocked = parent.blocked;
        alternateStack = parent.alternateStack;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        own.save(out);
        out.writeBoolean(alerted);
        out.writeLong(blocked);
        out.writeLong(blockedBeforeSuspend);
        out.writeBoolean(suspended);
        out.writeLong(alternateStack.start());
        out.writeLong(alternateStack.lengthBytes());
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        own.restore(in);
        alerted = in.readBoolean();
        blocked = in.readLong();
        blockedBeforeSuspend = in.readLong();
        suspended = in.readBoolean();
        alternateStack = new AlternateStack(in.readLong(), in.readLong());
    }
}
