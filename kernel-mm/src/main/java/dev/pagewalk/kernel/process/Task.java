package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.signal.SignalState;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Arrays;

/** One thread of execution in a process: what the scheduler gives harts to. */
public final class Task implements Snapshotable {
    private static final int REGISTERS = 32;

    private final int tid;
    private final Process process;
    private final SignalState signals = new SignalState();

    /** x0 to x31 while no hart has them. */
    private final long[] x = new long[REGISTERS];

    private long pc;
    private TaskState state = TaskState.NEW;
    private WaitReason waitsFor;
    private KernelWork work;
    private long transferredBytes;

    Task(int tid, Process process) {
        this.tid = tid;
        this.process = process;
    }

    /** The pid of its process. */
    public int tid() {
        return tid;
    }

    public Process process() {
        return process;
    }

    public SignalState signals() {
        return signals;
    }

    public TaskState state() {
        return state;
    }

    /** What a blocked task waits for; null for others. */
    public WaitReason waitsFor() {
        return waitsFor;
    }

    /** The scheduler's business. */
    public void enter(TaskState next) {
        state = next;
        waitsFor = null;
    }

    /** The scheduler's business. */
    public void block(WaitReason reason) {
        state = TaskState.BLOCKED;
        waitsFor = reason;
    }

    /** What the kernel has still to do before the task goes on; null where nothing. */
    public KernelWork work() {
        return work;
    }

    public void setWork(KernelWork remaining) {
        work = remaining;
    }

    /** How much of a write has been done that had to wait for the rest: what an interruption makes its result. */
    public long transferredBytes() {
        return transferredBytes;
    }

    public void setTransferredBytes(long bytes) {
        transferredBytes = bytes;
    }

    /** Takes the registers from the hart that has executed it. */
    public void saveRegisters(Hart hart) {
        System.arraycopy(hart.x, 0, x, 0, REGISTERS);
        pc = hart.pc;
    }

    /** Gives the registers to a hart. */
    public void loadRegisters(Hart hart) {
        System.arraycopy(x, 0, hart.x, 0, REGISTERS);
        hart.pc = pc;
    }

    /** Starts a program: all other registers are 0. */
    public void startAt(ProgramLoader.Start start) {
        Arrays.fill(x, 0);
        x[2] = start.stackPointer();
        pc = start.pc();
    }

    /** Changes a register while no hart has them; 1 to 31. */
    public void setRegister(int register, long value) {
        x[register] = value;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (long register : x) {
            out.writeLong(register);
        }
        out.writeLong(pc);
        out.writeByte(state.ordinal());
        out.writeBoolean(waitsFor != null);
        if (waitsFor != null) {
            out.writeByte(waitsFor.kind().ordinal());
            out.writeLong(waitsFor.number());
        }
        KernelWork.save(work, out);
        out.writeLong(transferredBytes);
        signals.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int i = 0; i < REGISTERS; i++) {
            x[i] = in.readLong();
        }
        pc = in.readLong();
        state = TaskState.values()[in.readByte()];
        waitsFor = in.readBoolean() ? new WaitReason(WaitReason.Kind.values()[in.readByte()], in.readLong()) : null;
        work = KernelWork.restore(in);
        transferredBytes = in.readLong();
        signals.restore(in);
    }
}
