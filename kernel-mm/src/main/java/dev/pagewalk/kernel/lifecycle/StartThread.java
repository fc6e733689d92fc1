package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.CloneRequest;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.schedule.Scheduler;

/** clone with CLONE_THREAD (S25): one more task in the caller's process, which shares everything but registers and mask. */
public final class StartThread {
    private final ProcessTable processes;
    private final NewTasks newTasks;

    public StartThread(ProcessTable processes, Scheduler scheduler, UserMemory userMemory) {
        this.processes = processes;
        this.newTasks = new NewTasks(scheduler, userMemory);
    }

    /**
     * Makes it, runnable.
     *
     * @param hart whose registers are the caller's
     * @return its tid
     * @throws KernelException TRY_AGAIN where there are too many tasks
     */
    public int start(Hart hart, Task caller, CloneRequest request) throws KernelException {
        Task task = processes.addTask(caller.process());
        newTasks.start(hart, caller, task, request);
        return task.tid();
    }
}
