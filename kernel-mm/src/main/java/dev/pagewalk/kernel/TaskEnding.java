package dev.pagewalk.kernel;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.lifecycle.EndProcess;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitStatus;

/** The end of the task that has the hart, alone or with all of its process: what exit, exit_group and signals come to. */
final class TaskEnding implements SignalDelivery.ProcessEnding {
    private final EndProcess ends;
    private final CostMeter meter;

    TaskEnding(EndProcess ends, CostMeter meter) {
        this.ends = ends;
        this.meter = meter;
    }

    @Override
    public void killedBy(Hart hart, Task task, int signal) {
        endGroup(hart, task, WaitStatus.killed(signal));
    }

    /**
     * All tasks of the process end.
     *
     * @param status as {@link WaitStatus} has it
     */
    void endGroup(Hart hart, Task task, int status) {
        ends.beginGroup(task, status);
        end(hart, task, status);
    }

    /** The task ends, and the process with it where it is the last one. */
    void end(Hart hart, Task task, int status) {
        meter.contextSwitch();
        ends.end(hart, task, status);
    }
}
