package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.mmu.state.Snapshotable;

/** By hart: the signal at whose delivery its kernel step is held for a debugger. */
final class HeldSignals implements Snapshotable {
    private static final FaultClass[] FAULTS = FaultClass.values();
    private static final WaitReason.Kind[] KINDS = WaitReason.Kind.values();

    private final SignalInfo[] signals;

    /** The fault that raises it; null where it is one that has waited for delivery. */
    private final FaultClass[] faults;

    /** What the step is to have its task wait for afterwards, unless a signal interrupts that; null where it is at its end. */
    private final WaitReason[] waits;

    HeldSignals(int harts) {
        this.signals = new SignalInfo[harts];
        this.faults = new FaultClass[harts];
        this.waits = new WaitReason[harts];
    }

    void hold(int hartId, SignalInfo signal, FaultClass fault) {
        signals[hartId] = signal;
        faults[hartId] = fault;
    }

    /** Null where nothing is held. */
    SignalInfo signal(int hartId) {
        return signals[hartId];
    }

    FaultClass fault(int hartId) {
        return faults[hartId];
    }

    void holdWait(int hartId, WaitReason reason) {
        waits[hartId] = reason;
    }

    /** Null where the task is not to wait. It is asked once. */
    WaitReason takeWait(int hartId) {
        WaitReason reason = waits[hartId];
        waits[hartId] = null;
        return reason;
    }

    void release(int hartId) {
        signals[hartId] = null;
        faults[hartId] = null;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (int hartId = 0; hartId < signals.length; hartId++) {
            out.writeBoolean(signals[hartId] != null);
            if (signals[hartId] != null) {
                signals[hartId].save(out);
                out.writeByte(faults[hartId] == null ? -1 : faults[hartId].ordinal());
                WaitReason wait = waits[hartId];
                out.writeByte(wait == null ? -1 : wait.kind().ordinal());
                out.writeLong(wait == null ? 0 : wait.number());
            }
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int hartId = 0; hartId < signals.length; hartId++) {
            release(hartId);
            waits[hartId] = null;
            if (in.readBoolean()) {
                SignalInfo signal = SignalInfo.restore(in);
                int fault = in.readByte();
                hold(hartId, signal, fault < 0 ? null : FAULTS[fault]);
                int kind = in.readByte();
                long number = in.readLong();
                waits[hartId] = kind < 0 ? null : new WaitReason(KINDS[kind], number);
            }
        }
    }
}
