package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.TrapCause;

/**
 * A thread that executes one instruction, or those of a range, before the guest stops. A page fault is no step: the instruction is
 * executed again. A system call is one, and so is the way into a signal's handler.
 */
final class Stepping {
    private final int tid;
    private final long rangeStart;
    private final long rangeEnd;
    private long pc;
    private boolean madeCall;

    /**
     * @param pc where the thread is
     * @param rangeStart the first address of instructions that are executed in one go
     * @param rangeEnd the first one behind them; not above the start for a single instruction
     */
    Stepping(int tid, long pc, long rangeStart, long rangeEnd) {
        this.tid = tid;
        this.pc = pc;
        this.rangeStart = rangeStart;
        this.rangeEnd = rangeEnd;
    }

    int tid() {
        return tid;
    }

    /** The thread has executed an instruction, or it has trapped. Returns whether its step is over. */
    boolean executed(Hart hart, long instructions) {
        if (hart.trapCause() == TrapCause.SYSTEM_CALL) {
            madeCall = true;
        }
        return instructions > 0 && arrives(hart.pc);
    }

    /** The thread is about to execute an instruction. Returns whether its step is over. */
    boolean isOverAt(long nextPc) {
        return (madeCall || nextPc != pc) && arrives(nextPc);
    }

    private boolean arrives(long nextPc) {
        pc = nextPc;
        madeCall = false;
        boolean isInRange = Long.compareUnsigned(nextPc, rangeStart) >= 0 && Long.compareUnsigned(nextPc, rangeEnd) < 0;
        return !isInRange;
    }
}
