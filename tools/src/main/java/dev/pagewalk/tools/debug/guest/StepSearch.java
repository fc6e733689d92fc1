package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.KernelDebugging;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.tools.history.PastSearch;
import java.util.function.BooleanSupplier;

/**
 * Searches the past for the position before a thread's last step: {@link Stepping} says what is one.
 */
final class StepSearch implements PastSearch {
    private final Machine machine;
    private final KernelDebugging kernel;
    private final BooleanSupplier givesUp;
    private final int tid;
    private final long endPc;
    private MachinePosition last;
    private MachinePosition lastTrap;
    private long trapPc;
    private MachinePosition earliest;

    /** @param endPc where the thread is when the search begins */
    StepSearch(Machine machine, KernelDebugging kernel, int tid, long endPc, BooleanSupplier givesUp) {
        this.machine = machine;
        this.kernel = kernel;
        this.givesUp = givesUp;
        this.tid = tid;
        this.endPc = endPc;
    }

    @Override
    public boolean stopsBefore(Hart hart) {
        if (isOn(hart)) {
            settleTrap(hart.pc);
        }
        return false;
    }

    @Override
    public void executed(Hart hart, long instructions) {
        if (!isOn(hart)) {
            return;
        }
        MachinePosition here = machine.position();
        if (instructions > 0) {
            last = new MachinePosition(here.turn(), here.retired() - 1, 0);
        }
        if (hart.trapCause() != null) {
            lastTrap = here;
            trapPc = hart.pc;
        }
    }

    /** A trap was a step where the thread has gone on elsewhere; else its instruction is executed again. */
    private void settleTrap(long nextPc) {
        if (lastTrap != null && nextPc != trapPc) {
            last = lastTrap;
        }
        lastTrap = null;
    }

    private boolean isOn(Hart hart) {
        Task task = kernel.taskOn(hart);
        return task != null && task.tid() == tid;
    }

    @Override
    public void forked(Task parent, Process child, boolean waits) {
        if (child.pid() == tid) {
            earliest = machine.position();
        }
    }

    @Override
    public boolean givesUp() {
        return givesUp.getAsBoolean();
    }

    @Override
    public MachinePosition found() {
        settleTrap(endPc);
        return last;
    }

    @Override
    public MachinePosition earliest() {
        return earliest;
    }
}
