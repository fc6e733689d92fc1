package dev.pagewalk.kernel;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.schedule.Scheduler;

/**
 * What happens between the kernel's last work for a trap and the guest's next instruction: a task is chosen, work that it
 * still has to do goes first, then signals are delivered. Source: Linux, kernel/entry/common.c, {@code
 * exit_to_user_mode_loop}.
 */
final class ReturnToGuest {
    private final Scheduler scheduler;
    private final SignalDelivery signals;

    ReturnToGuest(Scheduler scheduler, SignalDelivery signals) {
        this.scheduler = scheduler;
        this.signals = signals;
    }

    /** Returns what the hart does next: RESUME a task, CONTINUE its kernel work, or IDLE where there is no task. */
    KernelStep prepare(Hart hart) {
        while (scheduler.dispatch(hart)) {
            Task task = scheduler.current();
            // Work goes first; a call that would wait again after another try is interrupted there.
            if (task.work() == null && task.signals().deliverable() != 0) {
                signals.deliverTo(hart, task);
            }
            if (scheduler.current() == null) {
                // A signal has stopped it.
                continue;
            }
            if (task.work() != null) {
                return KernelStep.CONTINUE;
            }
            scheduler.beginSlice(hart);
            return KernelStep.RESUME;
        }
        return KernelStep.IDLE;
    }
}
