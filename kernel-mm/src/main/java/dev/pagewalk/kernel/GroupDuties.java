package dev.pagewalk.kernel;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.lifecycle.EndProcess;
import dev.pagewalk.kernel.lifecycle.SignalSender;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.schedule.Scheduler;

/**
 * What a task owes its process before it goes back to the guest: it ends with it, or for a sibling that executes a program,
 * and it stops with it. Source: Linux, kernel/signal.c, {@code get_signal} and {@code do_signal_stop}.
 */
final class GroupDuties {
    private final Scheduler scheduler;
    private final SignalSender signals;
    private final EndProcess ends;

    GroupDuties(Scheduler scheduler, SignalSender signals, EndProcess ends) {
        this.scheduler = scheduler;
        this.signals = signals;
        this.ends = ends;
    }

    /** Whether the task that has the hart owes anything. Work that has begun to change something goes on to its end. */
    boolean areDue(Task task) {
        return KernelWork.isInterruptible(task.work())
                && (task.process().wantsEndOf(task) || task.process().isStopping());
    }

    /** Does what is due: afterwards the hart may have no task. */
    void fulfil(Hart hart, Task task) {
        Process process = task.process();
        if (process.wantsEndOf(task)) {
            task.setWork(null);
            ends.end(hart, task, process.statusAtEnd());
        } else {
            scheduler.stop(hart);
            signals.noteStop(process);
        }
    }
}
