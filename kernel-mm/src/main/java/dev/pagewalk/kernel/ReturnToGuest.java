package dev.pagewalk.kernel;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.space.SpaceLock;
import dev.pagewalk.kernel.timeline.KernelTimeline;

/**
 * What happens between the kernel's last work for a trap and the guest's next instruction: what the hart has taken away from
 * others must be acknowledged, a task is chosen, work that it still has to do goes first, then signals are delivered. Source:
 * Linux, kernel/entry/common.c, {@code exit_to_user_mode_loop}.
 */
final class ReturnToGuest {
    private final Scheduler scheduler;
    private final SignalDelivery signals;
    private final Shootdowns shootdowns;
    private final HartLocks locks;
    private final GroupDuties duties;
    private final KernelTimeline timeline;

    ReturnToGuest(
            Scheduler scheduler,
            SignalDelivery signals,
            GroupDuties duties,
            Shootdowns shootdowns,
            HartLocks locks,
            KernelTimeline timeline) {
        this.scheduler = scheduler;
        this.signals = signals;
        this.duties = duties;
        this.timeline = timeline;
        this.shootdowns = shootdowns;
        this.locks = locks;
    }

    /**
     * Returns what the hart does next: RESUME a task, RESUME_ONCE where the lock is to be kept for the faulting instruction,
     * CONTINUE the task's kernel work, WAIT for other harts or for a lock, IDLE where there is no task, or HOLD where a debugger is to
     * decide about a signal.
     */
    KernelStep prepare(Hart hart, KernelEntry entry) {
        while (true) {
            KernelStep outstanding = shootdowns.pendingStep(hart);
            if (outstanding != null) {
                return outstanding;
            }
            boolean hasTask = scheduler.dispatch(hart);
            Task task = scheduler.current(hart);
            // A task that may not stay on the hart has just left it, too.
            locks.releaseUnlessFor(hart, task);
            timeline.endUnlessFor(hart, task == null ? 0 : task.tid());
            if (!hasTask) {
                return KernelStep.IDLE;
            }
            if (duties.areDue(task)) {
                // An ending task may have to leave a word in user memory.
                if (!locks.acquire(hart, task, SpaceLock.Mode.SHARED)) {
                    return KernelStep.WAIT;
                }
                duties.fulfil(hart, task);
                continue;
            }
            // Work goes first; a call that would wait again after another try is interrupted there.
            if (task.work() != null) {
                return KernelStep.CONTINUE;
            }
            if (task.signals().deliverable() == 0) {
                task.signals().forgetAlert();
                return resume(hart, task, entry);
            }
            // A handler's frame goes onto the user's stack.
            if (!locks.acquire(hart, task, SpaceLock.Mode.SHARED)) {
                return KernelStep.WAIT;
            }
            signals.deliverTo(hart, task);
            if (signals.isHeld(hart)) {
                return KernelStep.HOLD;
            }
        }
    }

    private KernelStep resume(Hart hart, Task task, KernelEntry entry) {
        scheduler.beginSlice(hart);
        if (entry.hasFaulted && locks.isHeld(hart) && task.process().sharesMemory()) {
            entry.executesOnce = true;
            return KernelStep.RESUME_ONCE;
        }
        entry.hasFaulted = false;
        locks.release(hart);
        return KernelStep.RESUME;
    }
}
