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
    private static final int NO_HART = -1;

    /** A deadline that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    /** It may run on every hart that there is. */
    private static final long ALL_HARTS = -1;

    private final Process process;
    private final SignalState signals;
    private int tid;

    /** x0 to x31 while no hart has them. */
    private final long[] x = new long[REGISTERS];

    private long pc;
    private TaskState state = TaskState.NEW;
    private WaitReason waitsFor;
    private int hartId = NO_HART;
    private KernelWork work;
    private long transferredBytes;
    private long deadlineCycle = NEVER;
    private boolean decided;
    private long decidedResult;
    private long clearChildTidAddress;
    private long affinity = ALL_HARTS;
    private boolean suspended;

    Task(int tid, Process process) {
        this.tid = tid;
        this.process = process;
        this.signals = new SignalState(process.pendingSignals());
    }

    /** What it does, in a few words for people. */
    public String describeState() {
        return switch (state) {
            case NEW -> "being made";
            case RUNNABLE -> "ready, waits for a hart";
            case RUNNING -> "running on hart " + hartId;
            case BLOCKED -> "blocked, waits for " + waitsFor.describe();
            case STOPPED -> "stopped by a signal";
            case ENDED -> "ended";
        };
    }

    /** Its thread id, which no other task and no process has, but that a process and its first task have the same. */
    public int tid() {
        return tid;
    }

    void setTid(int newTid) {
        tid = newTid;
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

    /** The hart that executes it, or did so last; -1 where none has yet. */
    public int hartId() {
        return hartId;
    }

    public boolean mayRunOn(int hart) {
        return (eligibleHarts() & 1L << hart) != 0;
    }

    /** The harts on which it may run now, as bits: none where a debugger keeps it from running. */
    public long eligibleHarts() {
        return isKeptFromRunning() ? 0 : affinity;
    }

    /** What it has begun in the kernel goes on, and so does its end. */
    private boolean isKeptFromRunning() {
        return suspended && KernelWork.isInterruptible(work) && !process.wantsEndOf(this);
    }

    /** Whether a debugger keeps it from executing its program. */
    public boolean isSuspended() {
        return suspended;
    }

    /** The scheduler's business. */
    public void setSuspended(boolean suspends) {
        suspended = suspends;
    }

    /** The scheduler's business. */
    public void enter(TaskState next) {
        state = next;
        waitsFor = null;
    }

    /** The scheduler's business. */
    public void runOn(int hart) {
        enter(TaskState.RUNNING);
        hartId = hart;
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

    /** When the call under way has waited for long enough, in cycles; {@link #NEVER} where it waits as long as it takes. */
    public long deadlineCycle() {
        return deadlineCycle;
    }

    public void setDeadlineCycle(long cycle) {
        deadlineCycle = cycle;
    }

    /**
     * Decides the result of the call that the task waits in: when the call is executed again, that is what it returns,
     * whatever else has happened meanwhile.
     */
    public void decide(long result) {
        decided = true;
        decidedResult = result;
    }

    /** Whether the result of the call under way stands already. */
    public boolean isDecided() {
        return decided;
    }

    public long decidedResult() {
        return decidedResult;
    }

    /** A new call begins: it has transferred nothing, has no deadline, and nobody has decided its result. */
    public void beginCall() {
        transferredBytes = 0;
        deadlineCycle = NEVER;
        decided = false;
    }

    /** Where the tid is replaced by 0 when the task ends, so that others learn of it; 0 for nowhere. */
    public long clearChildTidAddress() {
        return clearChildTidAddress;
    }

    public void setClearChildTidAddress(long address) {
        clearChildTidAddress = address;
    }

    /** The harts on which it may run: bit n stands for hart n, and bits of harts that do not exist mean nothing. */
    public long affinity() {
        return affinity;
    }

    /** The scheduler's business. */
    public void setAffinity(long harts) {
        affinity = harts;
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

    /** A register while no hart has them; 0 to 31. */
    public long register(int register) {
        return x[register];
    }

    /** The pc while no hart has it. */
    public long pc() {
        return pc;
    }

    /** Changes the pc while no hart has it. */
    public void setPc(long address) {
        pc = address;
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
        out.writeInt(hartId);
        KernelWork.save(work, out);
        out.writeLong(transferredBytes);
        out.writeLong(deadlineCycle);
        out.writeBoolean(decided);
        out.writeLong(decidedResult);
        out.writeLong(clearChildTidAddress);
        out.writeLong(affinity);
        out.writeBoolean(suspended);
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
        hartId = in.readInt();
        work = KernelWork.restore(in);
        transferredBytes = in.readLong();
        deadlineCycle = in.readLong();
        decided = in.readBoolean();
        decidedResult = in.readLong();
        clearChildTidAddress = in.readLong();
        affinity = in.readLong();
        suspended = in.readBoolean();
        signals.restore(in);
    }
}
