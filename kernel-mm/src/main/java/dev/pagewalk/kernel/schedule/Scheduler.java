package dev.pagewalk.kernel.schedule;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.TimerDriver;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.process.WaitReason;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;

/**
 * Gives the hart to tasks in turn: first come first served, a time slice each while others wait.
 *
 * <p>The timer is armed only while a second task is runnable, so a lone task is never interrupted.
 */
public final class Scheduler {
    /** ASID 0 belongs to the kernel's own table. */
    private static final int KERNEL_ASID = 0;

    private final PageTable kernelTable;
    private final CostMeter meter;
    private final TimerDriver timer;
    private final long timeSliceCycles;
    private final ArrayDeque<Task> runnable = new ArrayDeque<>();

    /** Blocked tasks by what they wait for, each list in the order of blocking. */
    private final TreeMap<WaitReason, ArrayDeque<Task>> blocked = new TreeMap<>();

    private Task current;
    private boolean timerArmed;

    /**
     * @param kernelTable what a hart without a task has loaded
     * @param timeSliceCycles how long a task runs while others wait
     */
    public Scheduler(PageTable kernelTable, CostMeter meter, TimerDriver timer, long timeSliceCycles) {
        this.kernelTable = kernelTable;
        this.meter = meter;
        this.timer = timer;
        this.timeSliceCycles = timeSliceCycles;
    }

    /** The task that has the hart; null where none has. */
    public Task current() {
        return current;
    }

    /** Lets a task run when its turn comes. */
    public void start(Task task) {
        task.enter(TaskState.RUNNABLE);
        runnable.add(task);
    }

    /** The current task gives the hart up until what it waits for comes; the work that it has left goes on then. */
    public void block(Hart hart, WaitReason reason) {
        Task task = giveUp(hart);
        task.block(reason);
        blocked.computeIfAbsent(reason, any -> new ArrayDeque<>()).add(task);
    }

    /** The current task gives the hart up until SIGCONT or SIGKILL. */
    public void stop(Hart hart) {
        giveUp(hart).enter(TaskState.STOPPED);
    }

    /** The current task goes to the end of the queue. */
    public void yieldTurn(Hart hart) {
        start(giveUp(hart));
    }

    /** The current task never comes back. */
    public void end(Hart hart) {
        giveUp(hart).enter(TaskState.ENDED);
    }

    private Task giveUp(Hart hart) {
        Task task = current;
        task.saveRegisters(hart);
        current = null;
        return task;
    }

    /** What these tasks wait for has come: all may try again. */
    public void wakeAll(WaitReason reason) {
        ArrayDeque<Task> waiting = blocked.remove(reason);
        if (waiting != null) {
            waiting.forEach(this::start);
        }
    }

    /** Lets a blocked or stopped task run, whatever it waits for; no other task is affected. */
    public void wake(Task task) {
        if (task.state() == TaskState.BLOCKED) {
            ArrayDeque<Task> waiting = blocked.get(task.waitsFor());
            waiting.remove(task);
            if (waiting.isEmpty()) {
                blocked.remove(task.waitsFor());
            }
            start(task);
        } else if (task.state() == TaskState.STOPPED) {
            start(task);
        }
    }

    /** Whether a task other than the current one could run now. */
    public boolean othersWait() {
        return !runnable.isEmpty();
    }

    /**
     * Gives the hart to the next task, where it has none.
     *
     * @return whether the hart has a task now
     */
    public boolean dispatch(Hart hart) {
        if (current != null) {
            return true;
        }
        current = runnable.poll();
        if (current == null) {
            leaveSpace(hart);
            return false;
        }
        current.enter(TaskState.RUNNING);
        current.loadRegisters(hart);
        meter.contextSwitch();
        loadSpace(hart);
        timerArmed = false;
        return true;
    }

    /** Loads the current task's address space. */
    public void loadSpace(Hart hart) {
        var space = current.process().space();
        hart.mmu().setAddressSpace(space.pageTable().rootAddress(), space.asid());
    }

    /** Loads the kernel's own table, so that no address space is in use. */
    public void leaveSpace(Hart hart) {
        hart.mmu().setAddressSpace(kernelTable.rootAddress(), KERNEL_ASID);
    }

    /** The hart is about to go back to the guest: its time slice begins, where others wait and none has begun. */
    public void beginSlice(Hart hart) {
        if (othersWait() && !timerArmed) {
            timer.arm(hart.id(), meter.nowCycle() + timeSliceCycles);
            timerArmed = true;
        }
    }

    /** The timer has gone off: the current task's turn is over, where others wait. */
    public void tick(Hart hart) {
        timer.disarm(hart.id());
        timerArmed = false;
        if (current != null && othersWait()) {
            yieldTurn(hart);
        }
    }

    /** Who waits for what, one line each, by pid. */
    public List<String> describeBlocked(ProcessTable processes) {
        return processes.all().stream()
                .map(process -> process.task())
                .filter(task -> task.state() == TaskState.BLOCKED || task.state() == TaskState.STOPPED)
                .map(task -> "process " + task.process().pid()
                        + (task.state() == TaskState.STOPPED
                                ? " is stopped"
                                : " waits for " + task.waitsFor().describe()))
                .toList();
    }

    /** Saves what the tasks themselves do not know: whose turn it is, and the order of queues. */
    public void save(ByteArrayDataOutput out) {
        out.writeInt(current == null ? 0 : current.tid());
        out.writeBoolean(timerArmed);
        save(runnable, out);
        out.writeInt(blocked.size());
        blocked.values().forEach(waiting -> save(waiting, out));
    }

    private static void save(ArrayDeque<Task> tasks, ByteArrayDataOutput out) {
        out.writeInt(tasks.size());
        tasks.forEach(task -> out.writeInt(task.tid()));
    }

    /** @param processes restored already */
    public void restore(ByteArrayDataInput in, ProcessTable processes) {
        int currentTid = in.readInt();
        current = currentTid == 0 ? null : processes.find(currentTid).task();
        timerArmed = in.readBoolean();
        runnable.clear();
        runnable.addAll(restoreTasks(in, processes));
        blocked.clear();
        for (int count = in.readInt(); count > 0; count--) {
            ArrayDeque<Task> waiting = restoreTasks(in, processes);
            blocked.put(waiting.peek().waitsFor(), waiting);
        }
    }

    private static ArrayDeque<Task> restoreTasks(ByteArrayDataInput in, ProcessTable processes) {
        ArrayDeque<Task> tasks = new ArrayDeque<>();
        for (int count = in.readInt(); count > 0; count--) {
            tasks.add(processes.find(in.readInt()).task());
        }
        return tasks;
    }
}
