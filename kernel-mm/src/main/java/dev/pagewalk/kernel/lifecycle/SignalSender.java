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
import java.util.stream.Stream;

/**
 * Sends signals to processes and to single tasks. Source: Linux, kernel/signal.c, {@code prepare_signal}, {@code
 * send_signal_locked} and {@code complete_signal}.
 */
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

    /** Lets a signal wait for delivery to any task of a process, and wakes one to which it can be delivered at once. */
    public void send(Process target, SignalInfo info) {
        if (prepare(target, target.leader(), info.signal())) {
            target.pendingSignals().post(info);
            alertOne(target, info.signal());
        }
    }

    /** Lets a signal wait for delivery to one task, and wakes it where that can be at once. */
    public void send(Task target, SignalInfo info) {
        if (prepare(target.process(), target, info.signal())) {
            target.signals().post(info);
            if (!SignalSet.contains(target.signals().blocked(), info.signal())) {
                alert(target, info.signal());
            }
        }
    }

    /**
     * Does at once what does not wait for a delivery.
     *
     * @param recipient by whose mask it goes whether the signal is blocked
     * @return whether the signal has to wait for its delivery
     */
    private boolean prepare(Process target, Task recipient, int signal) {
        if (target.stage() != ProcessStage.LIVE) {
            return false;
        }
        if (SignalSet.contains(STOP_SIGNALS, signal)) {
            target.discardSignals(SignalSet.of(Signal.SIGCONT.number()));
        } else if (signal == Signal.SIGCONT.number()) {
            target.discardSignals(STOP_SIGNALS);
            goOn(target);
        }
        return SignalSet.contains(recipient.signals().blocked(), signal)
                || !doesNothing(target.signalActions(), signal);
    }

    private static boolean doesNothing(SignalActions actions, int signal) {
        return actions.ignores(signal)
                || Signal.defaultAction(signal) == Signal.DefaultAction.CONTINUE
                        && !actions.of(signal).isCaught();
    }

    /** A signal waits for any task: the first that does not block it is to take it, the leader before its siblings. */
    private void alertOne(Process process, int signal) {
        Stream.concat(Stream.of(process.leader()), process.tasks().stream())
                .filter(task -> task.state() != TaskState.ENDED
                        && !SignalSet.contains(task.signals().blocked(), signal))
                .findFirst()
                .ifPresent(task -> {
                    task.signals().alert();
                    alert(task, signal);
                });
    }

    private void alert(Task task, int signal) {
        boolean kills = signal == Signal.SIGKILL.number();
        if (kills) {
            task.process().endStop();
        }
        if (task.state() == TaskState.BLOCKED || kills && task.state() == TaskState.STOPPED) {
            scheduler.wake(task);
        } else if (task.state() == TaskState.RUNNING) {
            scheduler.interrupt(task);
        }
    }

    /**
     * A task has come to block signals, or has ended: what waits for any task, and which it might have taken, another one is
     * to take. Source: Linux, kernel/signal.c, {@code retarget_shared_pending}.
     */
    public void retarget(Task task) {
        Process process = task.process();
        long set = process.pendingSignals().set();
        if (task.state() != TaskState.ENDED) {
            set &= task.signals().blocked();
        }
        for (long rest = set; rest != 0; rest &= rest - 1) {
            alertOne(process, SignalSet.lowest(rest));
        }
    }

    /** A signal is to stop the process: each of its tasks stops where it would go back to the guest. */
    public void stop(Process process, int signal) {
        process.beginStop(signal);
        for (Task task : process.tasks()) {
            if (task.state() == TaskState.RUNNING) {
                scheduler.interrupt(task);
            }
        }
    }

    /** A task has stopped or ended: where no other goes on, the parent of its process learns that it is stopped. */
    public void noteStop(Process process) {
        if (process.reportStop()) {
            int signal = process.stopSignal();
            tellParent(process, WaitStatus.stopped(signal), SignalInfo.CHILD_STOPPED, signal);
        }
    }

    private void goOn(Process target) {
        boolean wasStopped = target.isStopped();
        target.endStop();
        for (Task task : target.tasks()) {
            if (task.state() == TaskState.STOPPED) {
                scheduler.wake(task);
            }
        }
        if (wasStopped) {
            tellParent(target, WaitStatus.CONTINUED, SignalInfo.CHILD_CONTINUED, Signal.SIGCONT.number());
        }
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
