package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.mmu.state.Snapshotable;

/** A guest program in execution: its memory, and how it ended. */
public final class Process implements Snapshotable {
    private static final RegionKind[] KINDS = RegionKind.values();

    private final int pid;
    private final AddressSpace space;
    private final long[] bytesAtExit = new long[KINDS.length];
    private int exitStatus;
    private boolean ended;

    public Process(int pid, AddressSpace space) {
        this.pid = pid;
        this.space = space;
    }

    /** Counted from 1. */
    public int pid() {
        return pid;
    }

    public AddressSpace space() {
        return space;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** As a shell shows it: the process's own, or 128 + signal. Meaningful once it has ended. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The sizes of its regions of one kind when it ended, in bytes. */
    public long bytesAtExit(RegionKind kind) {
        return bytesAtExit[kind.ordinal()];
    }

    /** Ends it. Its memory is still there: {@link AddressSpace#destroyStep} gives it back. */
    public void end(int status) {
        for (Region region : space.regions().all()) {
            bytesAtExit[region.kind().ordinal()] += region.lengthBytes();
        }
        ended = true;
        exitStatus = status;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        space.save(out);
        out.writeBoolean(ended);
        out.writeInt(exitStatus);
        for (long bytes : bytesAtExit) {
            out.writeLong(bytes);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        space.restore(in);
        ended = in.readBoolean();
        exitStatus = in.readInt();
        for (int i = 0; i < bytesAtExit.length; i++) {
            bytesAtExit[i] = in.readLong();
        }
    }
}
