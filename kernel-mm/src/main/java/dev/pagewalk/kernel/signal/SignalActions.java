package dev.pagewalk.kernel.signal;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Arrays;

/** What one process wants done about each signal. */
public final class SignalActions implements Snapshotable {
    private final SignalAction[] bySignal = new SignalAction[Signal.HIGHEST + 1];

    public SignalActions() {
        Arrays.fill(bySignal, SignalAction.UNCHANGED);
    }

    /** @param signal 1 to 64 */
    public SignalAction of(int signal) {
        return bySignal[signal];
    }

    public void set(int signal, SignalAction action) {
        bySignal[signal] = action;
    }

    /** Takes over another process's actions, as fork does. */
    public void copyFrom(SignalActions other) {
        System.arraycopy(other.bySignal, 0, bySignal, 0, bySignal.length);
    }

    /** execve(2): handlers are gone with the program that had them, what was ignored stays ignored. */
    public void resetHandlers() {
        for (int signal = 1; signal <= Signal.HIGHEST; signal++) {
            if (bySignal[signal].handler() != SignalAction.IGNORE) {
                bySignal[signal] = SignalAction.UNCHANGED;
            }
        }
    }

    /** Whether the signal, once it is delivered, does nothing. */
    public boolean ignores(int signal) {
        long handler = bySignal[signal].handler();
        return handler == SignalAction.IGNORE
                || handler == SignalAction.DEFAULT && Signal.defaultAction(signal) == Signal.DefaultAction.IGNORE;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (int signal = 1; signal <= Signal.HIGHEST; signal++) {
            out.writeLong(bySignal[signal].handler());
            out.writeLong(bySignal[signal].flags());
            out.writeLong(bySignal[signal].mask());
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int signal = 1; signal <= Signal.HIGHEST; signal++) {
            bySignal[signal] = new SignalAction(in.readLong(), in.readLong(), in.readLong());
        }
    }
}
