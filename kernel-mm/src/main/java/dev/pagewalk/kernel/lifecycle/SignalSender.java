package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.signal.SignalAction;
import dev.pagewalk.kernel.signal.SignalActions;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.signal.SignalSet;
import dev.pagewalk.kernel.signal.SignalState;

/** Sends signals to processes. Source: Linux, kernel/signal.c, {@code prepare_signal} and {@code send_signal_locked}. */
public final class SignalSender {
    private static final long STOP_SIGNALS = SignalSet.of(Signal.SIGSTOP.number())
            | SignalSet.of(Signal.SIGTSTP.number())
            | SignalSet.of(Signal.SIGTTIN.number())
            | SignalSet.of(Signal.SIGTTOU.number());

    private final ProcessTable processes;
    private final Scheduler scheduler;

    public SignalSender(ProcessTable processes, Scheduler scheduler) {
        this.processes = processes;
        this.scheduler = scheduler;
    }

    /** Lets a signal wait for delivery, and wakes the process where it can be delivered at once. */
    public void send(Process target, SignalInfo info) {
        if (target.stage() != ProcessStage.LIVE) {
            return;
        }
        int signal = info.signal();
        SignalState state = target.task().signals();
        if (SignalSet.contains(STOP_SIGNALS, signal)) {
            state.discard(SignalSet.of(Signal.SIGCONT.number()));
        } else if (signal == Signal.SIGCONT.number()) {
            state.discard(STOP_SIGNALS);
            goOn(target);
        }
        boolean blocked = SignalSet.contains(state.blocked(), signal);
        if (!blocked && doesNothing(target.signalActions(), signal)) {
            return;
        }
        state.post(info);
        Task task = target.task();
        boolean mayWake = task.state() == TaskState.BLOCKED || signal == Signal.SIGKILL.number();
        if (!blocked && mayWake) {
            scheduler.wake(task);
        }
    }

    private static boolean doesNothing(SignalActions actions, int signal) {
        return actions.ignores(signal)
                || Signal.defaultAction(signal) == Signal.DefaultAction.CONTINUE
                        && !actions.of(signal).isCaught();
    }

    private void goOn(Process target) {
        if (target.task().state() == TaskState.STOPPED) {
            scheduler.wake(target.task());
            tellParent(target, WaitStatus.CONTINUED, SignalInfo.CHILD_CONTINUED, Signal.SIGCONT.number());
        }
    }

    /** A signal has stopped the process. */
    public void stopped(Process process, int signal) {
        tellParent(process, WaitStatus.stopped(signal), SignalInfo.CHILD_STOPPED, signal);
    }

    private void tellParent(Process child, int status, int code, int signal) {
        Process parent = processes.find(child.parentPid());
        if (parent == null) {
            return;
        }
        child.report(status);
        SignalAction action = parent.signalActions().of(Signal.SIGCHLD.number());
        if (!action.has(SignalAction.NO_CHILD_STOP)) {
            send(parent, new SignalInfo(Signal.SIGCHLD.number(), code, 0, child.pid(), signal));
        }
        scheduler.wakeAll(new WaitReason(WaitReason.Kind.CHILD, parent.pid()));
    }
}
