package dev.pagewalk.kernel.schedule;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.HartControl;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.InterProcessorInterrupts;
import dev.pagewalk.kernel.device.TimerDriver;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.shootdown.SpaceLoader;
import java.util.ArrayDeque;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Gives harts to tasks: one queue for all harts, first come first served, a time slice each while others wait.
 *
 * <p>A task that becomes runnable gets an idle hart at once, the one that it had last where that idles; the hart begins
 * when the wake-up latency has passed. With no hart idle the task waits for the end of a slice: a hart's timer is set only
 * while a task waits that could run there, so nobody is interrupted for nothing.
 */
public final class Scheduler {
    private final CostMeter meter;
    private final HartControl hartControl;
    private final InterProcessorInterrupts interrupts;
    private final SpaceLoader spaces;
    private final LongSupplier wakeUpLatencyCycles;
    private final long timeSliceCycles;
    private final HartTimers timers;
    private final WaitQueues blocked = new WaitQueues();
    private final ArrayDeque<Task> runnable = new ArrayDeque<>();

    /** What each hart executes, by id; null where it has no task. */
    private final Task[] current;

    /** Harts that have nothing to do and that nobody has woken, as bits. */
    private long idleHarts;

    private IntFunction<Task> tasks;

    /**
     * @param wakeUpLatencyCycles from waking an idle hart to its first step
     * @param timeSliceCycles how long a task runs while others wait
     */
    public Scheduler(
            int harts,
            CostMeter meter,
            HartControl hartControl,
            InterProcessorInterrupts interrupts,
            TimerDriver timer,
            SpaceLoader spaces,
            LongSupplier wakeUpLatencyCycles,
            long timeSliceCycles) {
        this.meter = meter;
        this.hartControl = hartControl;
        this.interrupts = interrupts;
        this.spaces = spaces;
        this.wakeUpLatencyCycles = wakeUpLatencyCycles;
        this.timeSliceCycles = timeSliceCycles;
        this.timers = new HartTimers(timer, harts);
        this.current = new Task[harts];
    }

    /** Says where tasks are found by their tids, before any of them runs. */
    public void connect(IntFunction<Task> taskByTid) {
        this.tasks = taskByTid;
    }

    /** Power-on: one hart boots, and all others have nothing to do. */
    public void begin(Hart booting) {
        for (int hartId = 0; hartId < current.length; hartId++) {
            if (hartId != booting.id()) {
                idleHarts |= HartBits.of(hartId);
            }
        }
    }

    /** The task that a hart has; null where it has none. */
    public Task current(Hart hart) {
        return current[hart.id()];
    }

    /** Lets a task run when its turn comes. */
    public void start(Task task) {
        task.enter(TaskState.RUNNABLE);
        runnable.add(task);
        int idle = idleHartFor(task);
        if (idle >= 0) {
            idleHarts &= ~HartBits.of(idle);
            hartControl.wake(idle, meter.nowCycle() + wakeUpLatencyCycles.getAsLong());
        } else {
            endSlicesFor(task);
        }
    }

    private int idleHartFor(Task task) {
        long candidates = idleHarts & task.eligibleHarts();
        if (candidates == 0) {
            return -1;
        }
        int last = task.hartId();
        return last >= 0 && HartBits.contains(candidates, last) ? last : HartBits.lowest(candidates);
    }

    /** Lets the turns end on other harts where the task could run; the hart at work looks itself when it has done. */
    private void endSlicesFor(Task task) {
        for (int hartId = 0; hartId < current.length; hartId++) {
            boolean works = meter.hart() != null && meter.hart().id() == hartId;
            if (!works && task.mayRunOn(hartId)) {
                endTurn(hartId);
            }
        }
    }

    /** The turn of the hart's task, where it has one, ends after a time slice, where it does not end before. */
    private void endTurn(int hartId) {
        if (current[hartId] != null && !timers.hasSliceEnd(hartId)) {
            timers.setSliceEnd(hartId, meter.nowCycle() + timeSliceCycles);
        }
    }

    /**
     * The hart's task gives it up until what it waits for comes, or the deadline of its call; the work that it has left goes
     * on then.
     */
    public void block(Hart hart, WaitReason reason) {
        Task task = giveUp(hart);
        task.block(reason);
        blocked.add(task);
        if (task.deadlineCycle() != Task.NEVER) {
            timers.addDeadline(hart.id(), task.deadlineCycle(), task.tid());
        }
    }

    /** The hart's task gives it up until SIGCONT or SIGKILL. */
    public void stop(Hart hart) {
        giveUp(hart).enter(TaskState.STOPPED);
    }

    /** The hart's task goes to the end of the queue. */
    public void yieldTurn(Hart hart) {
        start(giveUp(hart));
    }

    /** The hart's task never comes back. */
    public void end(Hart hart) {
        giveUp(hart).enter(TaskState.ENDED);
    }

    private Task giveUp(Hart hart) {
        Task task = current(hart);
        task.saveRegisters(hart);
        current[hart.id()] = null;
        timers.forgetSlice(hart.id());
        return task;
    }

    /** A task that no hart has will never run again. */
    public void remove(Task task) {
        if (task.state() == TaskState.RUNNABLE) {
            runnable.remove(task);
        } else if (task.state() == TaskState.BLOCKED) {
            blocked.remove(task);
            forgetDeadline(task);
        }
        task.enter(TaskState.ENDED);
    }

    /** What these tasks wait for has come: all may try again. */
    public void wakeAll(WaitReason reason) {
        for (Task task = blocked.poll(reason); task != null; task = blocked.poll(reason)) {
            forgetDeadline(task);
            start(task);
        }
    }

    /** Lets a blocked or stopped task run, whatever it waits for; no other task is affected. */
    public void wake(Task task) {
        if (task.state() == TaskState.BLOCKED) {
            blocked.remove(task);
            forgetDeadline(task);
            start(task);
        } else if (task.state() == TaskState.STOPPED) {
            start(task);
        }
    }

    /** What a blocked task waits for is something else from now on; its deadline stays. */
    public void waitInstead(Task task, WaitReason reason) {
        blocked.remove(task);
        task.block(reason);
        blocked.add(task);
    }

    private void forgetDeadline(Task task) {
        if (task.deadlineCycle() != Task.NEVER) {
            timers.removeDeadline(task.hartId(), task.deadlineCycle(), task.tid());
        }
    }

    /** Makes another hart that executes a task look at once at what has changed for it: a signal, its end, its harts. */
    public void interrupt(Task task) {
        boolean elsewhere =
                meter.hart() == null || task.hartId() != meter.hart().id();
        if (task.state() == TaskState.RUNNING && elsewhere) {
            interrupts.reschedule(task.hartId());
        }
    }

    /** Lets a task run on some harts only; where it has another one, it will leave that. */
    public void setAffinity(Task task, long harts) {
        task.setAffinity(harts);
        if (task.state() == TaskState.RUNNABLE) {
            runnable.remove(task);
            start(task);
        } else {
            interrupt(task);
        }
    }

    /**
     * Keeps a task from executing its program, or lets it again; what it does in the kernel goes on. Where it has a hart, it leaves
     * that when the kernel is about to go back to it.
     */
    public void setSuspended(Task task, boolean suspends) {
        task.setSuspended(suspends);
        if (task.state() == TaskState.RUNNABLE) {
            runnable.remove(task);
            start(task);
        }
    }

    /** Whether a task without a hart could run on this one now. */
    public boolean othersWait(Hart hart) {
        return firstFor(hart.id()) != null;
    }

    private Task firstFor(int hartId) {
        for (Task task : runnable) {
            if (task.mayRunOn(hartId)) {
                return task;
            }
        }
        return null;
    }

    /**
     * Gives the hart to the next task, where it has none or its task may not be there any more. A hart without a task keeps
     * the address space that it had: the next task is often of the same.
     *
     * @return whether the hart has a task now
     */
    public boolean dispatch(Hart hart) {
        Task task = current(hart);
        // Who takes a process down has no address space to come back to.
        if (task != null && !task.mayRunOn(hart.id()) && KernelWork.isInterruptible(task.work())) {
            yieldTurn(hart);
            task = null;
        }
        if (task != null) {
            return true;
        }
        Task next = firstFor(hart.id());
        if (next == null) {
            return false;
        }
        runnable.remove(next);
        current[hart.id()] = next;
        next.runOn(hart.id());
        next.loadRegisters(hart);
        meter.contextSwitch();
        loadSpace(hart);
        return true;
    }

    /** Loads the address space of the hart's task. */
    public void loadSpace(Hart hart) {
        spaces.load(hart, current(hart).process().space().translations());
    }

    /** The hart has nothing to do until somebody wakes it. */
    public void idle(Hart hart) {
        idleHarts |= HartBits.of(hart.id());
        spaces.rest(hart);
    }

    /** The hart is about to go back to the guest: its time slice begins, where others wait and none has begun. */
    public void beginSlice(Hart hart) {
        if (othersWait(hart)) {
            endTurn(hart.id());
        }
    }

    /** Somebody wants all harts with a task to come into the kernel within a time slice. */
    public void requireTicks() {
        for (int hartId = 0; hartId < current.length; hartId++) {
            endTurn(hartId);
        }
    }

    /** A hart's timer has gone off: deadlines have come, and perhaps its task's turn is over. */
    public void tick(Hart hart) {
        int hartId = hart.id();
        long now = meter.nowCycle();
        timers.wentOff(hartId);
        for (int tid = timers.takeOverdue(hartId, now); tid != 0; tid = timers.takeOverdue(hartId, now)) {
            Task task = tasks.apply(tid);
            blocked.remove(task);
            start(task);
        }
        if (timers.takeSliceEnd(hartId, now) && current(hart) != null && othersWait(hart)) {
            yieldTurn(hart);
        }
        timers.program(hartId);
    }

    /** Saves what the tasks themselves do not know: whose turn it is, and the order of queues. */
    public void save(ByteArrayDataOutput out) {
        for (Task task : current) {
            out.writeInt(task == null ? 0 : task.tid());
        }
        out.writeLong(idleHarts);
        timers.save(out);
        WaitQueues.save(runnable, out);
        blocked.save(out);
    }

    /** To be called when the tasks are restored. */
    public void restore(ByteArrayDataInput in) {
        for (int hartId = 0; hartId < current.length; hartId++) {
            int tid = in.readInt();
            current[hartId] = tid == 0 ? null : tasks.apply(tid);
        }
        idleHarts = in.readLong();
        timers.restore(in);
        runnable.clear();
        runnable.addAll(WaitQueues.restoreTasks(in, tasks));
        blocked.restore(in, tasks);
    }
}
