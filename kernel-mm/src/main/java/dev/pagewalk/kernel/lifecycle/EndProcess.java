package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.futex.FutexKey;
import dev.pagewalk.kernel.futex.FutexTable;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.signal.SignalAction;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.AddressSpace;
import java.util.List;

/**
 * The end of tasks, and of a process with its last one (S23, S37): the hart leaves its tables, its memory is taken down step
 * by step, and only then does its parent learn of it. Source: Linux, kernel/exit.c, {@code do_exit}, {@code do_group_exit} and
 * {@code exit_notify}; kernel/signal.c, {@code zap_other_threads}.
 */
public final class EndProcess {
    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final SignalSender signals;
    private final UserMemory userMemory;
    private final FutexTable futexes;
    private final Observer observer;

    public EndProcess(
            ProcessTable processes,
            Scheduler scheduler,
            SignalSender signals,
            UserMemory userMemory,
            FutexTable futexes,
            Observer observer) {
        this.processes = processes;
        this.scheduler = scheduler;
        this.signals = signals;
        this.userMemory = userMemory;
        this.futexes = futexes;
        this.observer = observer;
    }

    /** Told of ends as they happen. */
    public interface Observer {
        /**
         * A task ends.
         *
         * @param status as {@link WaitStatus} has it
         */
        void taskEnds(Task task, int status);

        /** The last task of a process is about to end; what it has mapped and opened is still there. */
        void processEnds(Process process, int status);
    }

    /**
     * All tasks of a process are to end: the siblings of one that has a hart, which ends next.
     *
     * @param status as {@link WaitStatus} has it
     */
    public void beginGroup(Task task, int status) {
        task.process().beginExit(status);
        endSiblings(task);
    }

    /**
     * Ends the siblings of a task: at once where no hart has them; where one has, or they hold something, they end on their
     * way back to the guest.
     */
    public void endSiblings(Task survivor) {
        for (Task sibling : List.copyOf(survivor.process().tasks())) {
            if (sibling == survivor) {
                continue;
            }
            if (sibling.state() == TaskState.RUNNING) {
                scheduler.interrupt(sibling);
            } else if (KernelWork.isInterruptible(sibling.work())) {
                scheduler.remove(sibling);
                leaveMemory(sibling);
                leave(sibling, 0);
            } else if (sibling.state() == TaskState.BLOCKED) {
                scheduler.wake(sibling);
            }
        }
    }

    /**
     * Ends the task that has the hart; where it is the last of its process, that ends too, and its {@link
     * KernelWork.TearDown} follows.
     *
     * @param status as {@link WaitStatus} has it
     */
    public void end(Hart hart, Task task, int status) {
        Process process = task.process();
        if (task == process.leader()) {
            process.noteLeaderStatus(status);
        }
        leaveMemory(task);
        if (process.tasks().size() > 1) {
            scheduler.end(hart);
            leave(task, status);
            return;
        }
        int processStatus = process.statusAtEnd();
        observer.taskEnds(task, processStatus);
        observer.processEnds(process, processStatus);
        ForkProcess.release(process, processes, scheduler);
        if (process.end()) {
            process.space().retire();
            task.setWork(new KernelWork.TearDown());
        } else {
            finish(hart, task);
        }
    }

    /**
     * A task will use its memory no more: its tid goes, and whoever waits for that is woken. Nobody is left to see it where
     * the whole process ends in a space of its own. Source: Linux, kernel/fork.c, {@code mm_release}.
     */
    void leaveMemory(Task task) {
        futexes.forget(task);
        long address = task.clearChildTidAddress();
        task.setClearChildTidAddress(0);
        Process process = task.process();
        boolean siblingsStay = process.tasks().size() > 1 && !process.isExiting() && !process.isExecuting();
        if (address == 0 || !siblingsStay && !process.sharesSpace()) {
            return;
        }
        try {
            userMemory.copyIntToUser(process.space(), address, 0);
            futexes.wake(FutexKey.of(process.space(), address, false), 1, FutexTable.ANY);
        } catch (KernelException badAddress) {
            // The task has chosen it, and cannot be told any more.
        }
    }

    /** What the end of a task that no hart has means to its siblings. */
    private void leave(Task task, int status) {
        Process process = task.process();
        observer.taskEnds(task, process.isExiting() ? process.statusAtEnd() : status);
        processes.remove(task);
        signals.retarget(task);
        signals.noteStop(process);
        scheduler.wakeAll(new WaitReason(WaitReason.Kind.THREADS, process.pid()));
    }

    /** Takes the next part of the process's memory down; after the last one the process is a zombie. */
    public void step(Hart hart, Task task) {
        AddressSpace space = task.process().space();
        if (space.destroyStep()) {
            finish(hart, task);
        }
    }

    private void finish(Hart hart, Task task) {
        task.setWork(null);
        scheduler.end(hart);
        processes.remove(task);
        becomeZombie(task.process());
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
