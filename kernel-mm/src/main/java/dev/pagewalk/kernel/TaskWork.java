package dev.pagewalk.kernel;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.debug.DebugHook;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.lifecycle.EndProcess;
import dev.pagewalk.kernel.lifecycle.ExecProgram;
import dev.pagewalk.kernel.lifecycle.ForkProcess;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.signal.SignalSet;
import dev.pagewalk.kernel.space.ForkProgress;
import dev.pagewalk.kernel.space.SpaceLock;
import dev.pagewalk.kernel.syscall.CallContext;
import dev.pagewalk.kernel.syscall.SystemCalls;

/**
 * What a task wants of the kernel beyond its call's result: it waits, yields, ends, or there is long work to do for it, one
 * step at a time.
 */
final class TaskWork {
    private final Scheduler scheduler;
    private final SystemCalls systemCalls;
    private final SignalDelivery signals;
    private final TaskEnding ending;
    private final ForkProcess forks;
    private final ExecProgram execs;
    private final EndProcess ends;
    private final Shootdowns shootdowns;
    private final HartLocks locks;
    private final ProcessTable processes;
    private final DebugHook debugger;

    TaskWork(
            Scheduler scheduler,
            SystemCalls systemCalls,
            SignalDelivery signals,
            TaskEnding ending,
            ForkProcess forks,
            ExecProgram execs,
            EndProcess ends,
            Shootdowns shootdowns,
            HartLocks locks,
            ProcessTable processes,
            DebugHook debugger) {
        this.processes = processes;
        this.debugger = debugger;
        this.scheduler = scheduler;
        this.systemCalls = systemCalls;
        this.signals = signals;
        this.ending = ending;
        this.forks = forks;
        this.execs = execs;
        this.ends = ends;
        this.shootdowns = shootdowns;
        this.locks = locks;
    }

    /** Does what a call wants beyond its result. */
    void settle(Hart hart, CallContext call) {
        Task task = scheduler.current(hart);
        if (task.work() instanceof KernelWork.AwaitChild await) {
            debugger.forked(task, processes.find(await.childPid()), true);
        }
        if (call.isExiting()) {
            exit(hart, task, call);
        } else if (call.yieldsTurn() && scheduler.othersWait(hart)) {
            scheduler.yieldTurn(hart);
        } else if (call.waitsFor() != null) {
            waitOrBeInterrupted(hart, task, call.waitsFor());
        }
    }

    private void exit(Hart hart, Task task, CallContext call) {
        if (call.isThreadAlone()) {
            ending.end(hart, task, call.waitStatus());
        } else {
            ending.endGroup(hart, task, call.waitStatus());
        }
    }

    /** What has come already counts: only a call that would still wait can be interrupted. */
    private void waitOrBeInterrupted(Hart hart, Task task, WaitReason reason) {
        task.setWork(new KernelWork.Retry(true));
        if (task.process().wantsEndOf(task) || task.process().isStopping()) {
            // On its way back to the guest it ends, or stops.
            return;
        }
        if (task.signals().deliverable() != 0) {
            signals.deliverTo(hart, task);
        }
        if (signals.isHeld(hart)) {
            signals.holdWait(hart, reason);
        } else {
            waitUnlessInterrupted(hart, task, reason);
        }
    }

    /** A debugger has decided about the signals for which the hart's step was held. */
    void goOn(Hart hart) {
        Task task = scheduler.current(hart);
        signals.goOn(hart, task);
        WaitReason reason = signals.isHeld(hart) ? null : signals.takeHeldWait(hart);
        if (reason != null) {
            waitUnlessInterrupted(hart, task, reason);
        }
    }

    private void waitUnlessInterrupted(Hart hart, Task task, WaitReason reason) {
        if (scheduler.current(hart) == task && task.work() instanceof KernelWork.Retry) {
            scheduler.block(hart, reason);
        }
    }

    /**
     * The next step of what the task's kernel work is.
     *
     * @return whether it could be done; else the hart has to wait for a lock first
     */
    boolean step(Hart hart, Task task) {
        KernelWork work = task.work();
        if (work instanceof KernelWork.Retry retry) {
            SpaceLock.Mode mode = systemCalls.locking(hart);
            if (mode != null && !locks.acquire(hart, task, mode)) {
                return false;
            }
            task.setWork(null);
            settle(hart, systemCalls.retry(hart, task, retry.hasWaited()));
        } else if (work instanceof KernelWork.Populate populate) {
            long reached = task.process().space().populateStep(populate.next(), populate.end());
            task.setWork(reached < populate.end() ? new KernelWork.Populate(reached, populate.end()) : null);
        } else if (work instanceof KernelWork.Fork fork) {
            if (fork.progress().isOver()) {
                endFork(hart, task, fork);
            } else {
                task.setWork(forks.step(task, fork));
            }
        } else if (work instanceof KernelWork.AwaitChild await) {
            awaitChild(hart, task, await);
        } else if (work instanceof KernelWork.EnterProgram enter) {
            if (!locks.acquire(hart, task, SpaceLock.Mode.SHARED)) {
                return false;
            }
            enterProgram(hart, task, enter);
        } else if (work instanceof KernelWork.Discard) {
            execs.discardStep(task);
        } else {
            ends.step(hart, task);
        }
        return true;
    }

    private void endFork(Hart hart, Task task, KernelWork.Fork fork) {
        boolean hasFailed = fork.progress().phase() == ForkProgress.Phase.FAILED;
        long result = forks.end(hart, task, fork);
        if (hasFailed && !shootdowns.settleAll()) {
            // There will be frames when harts have flushed what they have still to flush.
            task.setWork(new KernelWork.Retry(false));
            return;
        }
        task.setWork(null);
        systemCalls.complete(hart, task, result);
        if (!hasFailed) {
            debugger.forked(task, processes.find(fork.childPid()), false);
        }
    }

    /** The caller of vfork goes on when its child lets it; before that only SIGKILL can move it. */
    private void awaitChild(Hart hart, Task task, KernelWork.AwaitChild work) {
        if (task.isDecided()) {
            task.setWork(null);
            systemCalls.complete(hart, task, task.decidedResult());
            debugger.vforkDone(task);
        } else if (SignalSet.contains(task.signals().pendingSet(), Signal.SIGKILL.number())) {
            task.setWork(null);
        } else if (!task.process().isStopping()) {
            scheduler.block(hart, new WaitReason(WaitReason.Kind.VFORK, work.childPid()));
        }
    }

    private void enterProgram(Hart hart, Task task, KernelWork.EnterProgram work) {
        if (task.process().isExiting()) {
            execs.abandon(task);
        } else if (ExecProgram.isAlone(task)) {
            systemCalls.complete(hart, task, 0);
            execs.enter(hart, task, work.start());
        } else {
            scheduler.block(
                    hart, new WaitReason(WaitReason.Kind.THREADS, task.process().pid()));
        }
    }
}
