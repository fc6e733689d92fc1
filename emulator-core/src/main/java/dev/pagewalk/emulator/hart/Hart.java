package dev.pagewalk.emulator.hart;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * One emulated core: registers, clock, and its {@link Mmu}. Engines execute it, the machine schedules it, the kernel
 * reads and writes its registers while it is stopped.
 *
 * <p>The fields are public because an engine keeps them in locals while it runs and writes them back before anything
 * else may look: between slices, at traps and around every slow path.
 */
public final class Hart implements Snapshotable {
    /** Index in {@link #x} that swallows writes to x0: decoded instructions name it instead of 0. */
    public static final int SINK = 32;

    /** x0..x31, and the sink. {@code x[0]} is never written. */
    public final long[] x = new long[SINK + 1];

    public long pc;

    /** The hart's clock, in cycles since power-on. */
    public long cycle;

    /** Retired instructions (the instret counter). */
    public long retired;

    /** Instruction-side TLB accesses beyond one per retired instruction: trapped instructions and page crossings. */
    public long extraFetches;

    /** Where the instruction that a slow path has just executed leads. */
    public long nextPc;

    /** An engine stops at the first instruction boundary with {@code cycle >= stopCycle}. Never beyond the deadline. */
    public long stopCycle;

    /** The end of the slice: the first instruction boundary with {@code cycle >= deadlineCycle}. */
    public long deadlineCycle;

    /**
     * The slice has been cut in a page whose code the hart was executing: going on there is no new fetch of the page, as there
     * would have been none without the cut.
     */
    public boolean staysOnPage;

    private final int id;
    private final Mmu mmu;

    private HartPhase phase = HartPhase.IDLE;
    private TrapCause trapCause;
    private long trapValue;
    private int pendingLines;
    private long chargedCycles;
    private long idleSinceCycle;
    private long idleCycles;

    public Hart(int id, Mmu mmu) {
        this.id = id;
        this.mmu = mmu;
    }

    /** 0 to harts - 1. */
    public int id() {
        return id;
    }

    public Mmu mmu() {
        return mmu;
    }

    public HartPhase phase() {
        return phase;
    }

    /** Enters a phase at {@link #cycle}; the machine's loop calls it, and the kernel for the hart that boots. */
    public void enter(HartPhase next) {
        if (phase == HartPhase.IDLE && next != HartPhase.IDLE) {
            idleCycles += cycle - idleSinceCycle;
        } else if (phase != HartPhase.IDLE && next == HartPhase.IDLE) {
            idleSinceCycle = cycle;
        }
        phase = next;
    }

    /** Idleness is interrupted by a service, which is none: the machine's loop calls it for idle harts. */
    public void serveWhileIdle(long fromCycle, long toCycle) {
        idleCycles += fromCycle - idleSinceCycle;
        idleSinceCycle = toCycle;
    }

    /** Whether the hart has a clock that others must wait for. */
    public boolean hasClock() {
        return phase == HartPhase.RUNNING || phase == HartPhase.QUEUED;
    }

    /** Cycles spent idle until {@code nowCycle}; not those of interrupts served meanwhile. */
    public long idleCycles(long nowCycle) {
        return phase == HartPhase.IDLE ? idleCycles + Math.max(0, nowCycle - idleSinceCycle) : idleCycles;
    }

    /** The trap that ended the last run of an engine, or null. */
    public TrapCause trapCause() {
        return trapCause;
    }

    /** stval of {@link #trapCause()}. */
    public long trapValue() {
        return trapValue;
    }

    /** Records that the instruction at {@link #pc} traps instead of retiring. */
    public void trap(TrapCause cause, long value) {
        trapCause = cause;
        trapValue = value;
    }

    public void clearTrap() {
        trapCause = null;
        trapValue = 0;
    }

    public void setPending(InterruptLine line) {
        pendingLines |= 1 << line.code();
    }

    public void clearPending(InterruptLine line) {
        pendingLines &= ~(1 << line.code());
    }

    public boolean isPending(InterruptLine line) {
        return (pendingLines & 1 << line.code()) != 0;
    }

    /** The pending line to take next (RISC-V Privileged ISA: external before software before timer), or null. */
    public InterruptLine nextPending() {
        if (pendingLines == 0) {
            return null;
        }
        if (isPending(InterruptLine.EXTERNAL)) {
            return InterruptLine.EXTERNAL;
        }
        return isPending(InterruptLine.SOFTWARE) ? InterruptLine.SOFTWARE : InterruptLine.TIMER;
    }

    /** Adds to the cost of the kernel step under way. */
    public void charge(long cycles) {
        chargedCycles += cycles;
    }

    /** The cost charged so far to the step under way, in cycles. */
    public long chargedCycles() {
        return chargedCycles;
    }

    /** Ends a step: returns what it cost and starts from 0. */
    public long takeCharge() {
        long cycles = chargedCycles;
        chargedCycles = 0;
        return cycles;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (int i = 1; i < SINK; i++) {
            out.writeLong(x[i]);
        }
        out.writeLong(pc);
        out.writeLong(cycle);
        out.writeLong(retired);
        out.writeLong(extraFetches);
        out.writeLong(deadlineCycle);
        out.writeBoolean(staysOnPage);
        out.writeByte(phase.ordinal());
        out.writeByte(trapCause == null ? -1 : trapCause.ordinal());
        out.writeLong(trapValue);
        out.writeInt(pendingLines);
        out.writeLong(chargedCycles);
        out.writeLong(idleSinceCycle);
        out.writeLong(idleCycles);
        mmu.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int i = 1; i < SINK; i++) {
            x[i] = in.readLong();
        }
        pc = in.readLong();
        cycle = in.readLong();
        retired = in.readLong();
        extraFetches = in.readLong();
        deadlineCycle = in.readLong();
        staysOnPage = in.readBoolean();
        phase = HartPhase.values()[in.readByte()];
        int cause = in.readByte();
        trapCause = cause < 0 ? null : TrapCause.values()[cause];
        trapValue = in.readLong();
        pendingLines = in.readInt();
        chargedCycles = in.readLong();
        idleSinceCycle = in.readLong();
        idleCycles = in.readLong();
        mmu.restore(in);
    }
}
