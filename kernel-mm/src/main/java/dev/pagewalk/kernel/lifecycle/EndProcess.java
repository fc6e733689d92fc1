package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.signal.SignalAction;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.AsidAllocator;

/**
 * The end of a process (S23, S37): the hart leaves its tables, its memory is taken down step by step, and only then does
 * its parent learn of it. Source: Linux, kernel/exit.c, {@code do_exit} and {@code exit_notify}.
 */
public final class EndProcess {
    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final SignalSender signals;
    private final AsidAllocator asids;

    public EndProcess(ProcessTable processes, Scheduler scheduler, SignalSender signals, AsidAllocator asids) {
        this.processes = processes;
        this.scheduler = scheduler;
        this.signals = signals;
        this.asids = asids;
    }

    /**
     * Ends the process of the task that has the hart; its {@link KernelWork.TearDown} follows.
     *
     * @param status as {@link WaitStatus} has it
     */
    public void begin(Hart hart, Task task, int status) {
        scheduler.leaveSpace(hart);
        task.process().end(status);
        task.setWork(new KernelWork.TearDown());
    }

    /** Takes the next part of the process's memory down; after the last one the process is a zombie. */
    public void step(Hart hart, Task task) {
        AddressSpace space = task.process().space();
        if (space.destroyStep()) {
            asids.release(space.asid());
            task.setWork(null);
            scheduler.end(hart);
            becomeZombie(task.process());
        }
    }

    private void becomeZombie(Process process) {
        processes.becomeZombie(process);
        for (int childPid : process.children().toIntArray()) {
            adopt(processes.find(childPid));
        }
        notifyParent(process);
    }

    /** An orphan goes to the first process; where that has ended, nobody will ask for it. */
    private void adopt(Process orphan) {
        Process first = processes.find(ProcessTable.FIRST_PID);
        boolean firstLives = first != null && !first.hasEnded();
        processes.adopt(orphan, firstLives ? first.pid() : 0);
        if (orphan.stage() == ProcessStage.ZOMBIE) {
            notifyParent(orphan);
        }
    }

    private void notifyParent(Process zombie) {
        Process parent = processes.find(zombie.parentPid());
        if (parent == null || parent.hasEnded()) {
            processes.reap(zombie);
            return;
        }
        SignalAction action = parent.signalActions().of(Signal.SIGCHLD.number());
        boolean killed = WaitStatus.isKilled(zombie.waitStatus());
        signals.send(
                parent,
                new SignalInfo(
                        Signal.SIGCHLD.number(),
                        killed ? SignalInfo.CHILD_KILLED : SignalInfo.CHILD_EXITED,
                        0,
                        zombie.pid(),
                        WaitStatus.detail(zombie.waitStatus())));
        if (action.handler() == SignalAction.IGNORE || action.has(SignalAction.NO_CHILD_WAIT)) {
            processes.reap(zombie);
        }
        scheduler.wakeAll(new WaitReason(WaitReason.Kind.CHILD, parent.pid()));
    }
}
