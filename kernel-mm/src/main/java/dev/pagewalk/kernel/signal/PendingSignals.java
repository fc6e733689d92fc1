package dev.pagewalk.kernel.signal;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Arrays;

/** Signals that wait for their delivery to one task, or to any task of a process. */
public final class PendingSignals implements Snapshotable {
    /** By signal: each at most once, as Linux keeps its standard signals. */
    private final SignalInfo[] bySignal = new SignalInfo[Signal.HIGHEST + 1];

    private long set;

    /** Which signals wait. */
    public long set() {
        return set;
    }

    /** Lets a signal wait; one that waits already stays as it is. */
    public void post(SignalInfo info) {
        if (!SignalSet.contains(set, info.signal())) {
            bySignal[info.signal()] = info;
            set |= SignalSet.of(info.signal());
        }
    }

    /**
     * Takes one out.
     *
     * @param signal which waits
     */
    SignalInfo take(int signal) {
        SignalInfo info = bySignal[signal];
        discard(SignalSet.of(signal));
        return info;
    }

    /** Forgets what waits of some signals. */
    public void discard(long signals) {
        for (long rest = set & signals; rest != 0; rest &= rest - 1) {
            bySignal[SignalSet.lowest(rest)] = null;
        }
        set &= ~signals;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(set);
        for (long rest = set; rest != 0; rest &= rest - 1) {
            bySignal[SignalSet.lowest(rest)].save(out);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        Arrays.fill(bySignal, null);
        set = in.readLong();
        for (long rest = set; rest != 0; rest &= rest - 1) {
            SignalInfo info = SignalInfo.restore(in);
            bySignal[info.signal()] = info;
        }
    }
}
