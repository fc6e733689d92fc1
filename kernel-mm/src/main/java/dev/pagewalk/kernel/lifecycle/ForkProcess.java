package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.Errno;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.ForkRequest;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.AsidAllocator;
import dev.pagewalk.kernel.space.ForkProgress;
import dev.pagewalk.kernel.space.ForkStrategy;

/**
 * fork (S19, S38): a child that differs from its parent in its pid and in what the call returns. Its memory is made step by
 * step; neither runs before that is done. Source: fork(2); Linux, kernel/fork.c, {@code copy_process}.
 */
public final class ForkProcess {
    private static final int SP = 2;
    private static final int A0 = 10;

    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final UserMemory userMemory;
    private final AsidAllocator asids;
    private final ForkStrategy strategy;

    public ForkProcess(
            ProcessTable processes,
            Scheduler scheduler,
            UserMemory userMemory,
            AsidAllocator asids,
            ForkStrategy strategy) {
        this.processes = processes;
        this.scheduler = scheduler;
        this.userMemory = userMemory;
        this.asids = asids;
        this.strategy = strategy;
    }

    /**
     * Begins a fork of the process of the task that has the hart.
     *
     * @throws KernelException TRY_AGAIN where there are too many processes, OUT_OF_MEMORY; nothing has changed then
     */
    public KernelWork begin(Task task, ForkRequest request) throws KernelException {
        Process parent = task.process();
        processes.requireRoom();
        int asid = asids.allocate();
        AddressSpace space;
        try {
            space = parent.space().beginFork(asid);
        } catch (KernelException outOfMemory) {
            asids.release(asid);
            throw outOfMemory;
        }
        Process child = processes.add(parent.pid(), space);
        return new KernelWork.Fork(child.pid(), request, ForkProgress.begin(strategy));
    }

    /**
     * Does the next part.
     *
     * @return the work that remains: when its progress is over, {@link #result} is the parent's result
     */
    public KernelWork.Fork step(Hart hart, Task task, KernelWork.Fork work) {
        Process child = processes.find(work.childPid());
        ForkProgress progress = task.process().space().forkStep(child.space(), work.progress());
        if (progress.phase() == ForkProgress.Phase.DONE) {
            start(hart, task, child, work.request());
        } else if (progress.phase() == ForkProgress.Phase.FAILED) {
            asids.release(child.space().asid());
            processes.abandon(child);
        }
        return new KernelWork.Fork(work.childPid(), work.request(), progress);
    }

    /** What the parent's call returns once its fork is over. */
    public static long result(KernelWork.Fork work) {
        return work.progress().phase() == ForkProgress.Phase.DONE ? work.childPid() : Errno.ENOMEM.asResult();
    }

    private void start(Hart hart, Task task, Process child, ForkRequest request) {
        child.inheritFrom(task.process());
        child.task().signals().inheritFrom(task.signals());
        child.task().saveRegisters(hart);
        child.task().setRegister(A0, 0);
        if (request.stackPointer() != 0) {
            child.task().setRegister(SP, request.stackPointer());
        }
        tell(task.process().space(), request.parentTidAddress(), child.pid());
        tell(child.space(), request.childTidAddress(), child.pid());
        child.enter(ProcessStage.LIVE);
        scheduler.start(child.task());
    }

    /** Linux takes no notice of a pid that cannot be told, either. */
    private void tell(AddressSpace space, long address, int pid) {
        if (address == 0) {
            return;
        }
        try {
            userMemory.copyIntToUser(space, address, pid);
        } catch (KernelException badAddress) {
            // fork(2) has no error for it.
        }
    }
}
