package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.Errno;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.CloneRequest;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkProgress;
import dev.pagewalk.kernel.space.ForkStrategy;

/**
 * fork (S19, S38): a child that differs from its parent in its pid and in what the call returns. Its memory is made step by
 * step; neither runs before that is done. Source: fork(2); Linux, kernel/fork.c, {@code copy_process}.
 */
public final class ForkProcess {
    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final NewTasks newTasks;
    private final ForkStrategy strategy;

    public ForkProcess(ProcessTable processes, Scheduler scheduler, UserMemory userMemory, ForkStrategy strategy) {
        this.processes = processes;
        this.scheduler = scheduler;
        this.newTasks = new NewTasks(scheduler, userMemory);
        this.strategy = strategy;
    }

    /**
     * Begins a fork of the process of the task that has the hart.
     *
     * @throws KernelException TRY_AGAIN where there are too many processes, OUT_OF_MEMORY; nothing has changed then
     */
    public KernelWork begin(Task task, CloneRequest request) throws KernelException {
        Process parent = task.process();
        processes.requireRoom();
        AddressSpace space = parent.space().beginFork();
        Process child = processes.add(parent.pid(), space);
        return new KernelWork.Fork(child.pid(), request, ForkProgress.begin(strategy));
    }

    /**
     * Does the next part of a fork whose progress is not over.
     *
     * @return the work that remains: when its progress is over, {@link #end} does the rest
     */
    public KernelWork.Fork step(Task task, KernelWork.Fork work) {
        AddressSpace child = processes.find(work.childPid()).space();
        ForkProgress progress = task.process().space().forkStep(child, work.progress());
        return new KernelWork.Fork(work.childPid(), work.request(), progress);
    }

    /**
     * Ends a fork whose progress is over: nobody can write any more to what the two processes now share, so both may run.
     *
     * @return what the parent's call returns
     */
    public long end(Hart hart, Task task, KernelWork.Fork work) {
        Process child = processes.find(work.childPid());
        if (work.progress().phase() == ForkProgress.Phase.FAILED) {
            processes.abandon(child);
            return Errno.ENOMEM.asResult();
        }
        start(hart, task, child, work.request());
        return child.pid();
    }

    private void start(Hart hart, Task task, Process child, CloneRequest request) {
        child.inheritFrom(task.process());
        newTasks.start(hart, task, child.leader(), request);
        child.enter(ProcessStage.LIVE);
    }

    /**
     * Makes a child that runs in its parent's space, such as vfork(2) and posix_spawn(3) want.
     *
     * @return its pid
     * @throws KernelException TRY_AGAIN where there are too many processes; nothing has changed then
     */
    public int share(Hart hart, Task task, CloneRequest request) throws KernelException {
        Process child = processes.addSharing(task.process());
        start(hart, task, child, request);
        if (request.has(CloneRequest.VFORK)) {
            child.setVforkParentTid(task.tid());
        }
        return child.pid();
    }

    /** A process has its memory for itself now, or needs none any more: a parent that has waited for that goes on. */
    public static void release(Process child, ProcessTable processes, Scheduler scheduler) {
        Task parent = processes.findTask(child.vforkParentTid());
        child.setVforkParentTid(0);
        if (parent != null && parent.work() instanceof KernelWork.AwaitChild work && work.childPid() == child.pid()) {
            parent.decide(child.pid());
            if (parent.state() == TaskState.BLOCKED) {
                scheduler.wake(parent);
            }
        }
    }
}
