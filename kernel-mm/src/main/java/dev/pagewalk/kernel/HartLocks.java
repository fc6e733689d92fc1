package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.HartControl;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.LockWaits;
import dev.pagewalk.kernel.space.SpaceLock;
import dev.pagewalk.kernel.timeline.KernelTimeline;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * Which address space's lock each hart has or waits for, on behalf of its task. A hart has one lock at most, and executes no
 * other task before it has given it back: so nobody waits for a lock whose owner does not get on.
 */
final class HartLocks {
    private final CostMeter meter;
    private final HartControl hartControl;
    private final KernelTimeline timeline;
    private final AddressSpace[] spaces;
    private final Task[] tasks;

    /** When each hart last came to wait. */
    private final long[] sinceCycle;

    private final LockWaits waits = new LockWaits();

    HartLocks(int harts, CostMeter meter, HartControl hartControl, KernelTimeline timeline) {
        this.meter = meter;
        this.hartControl = hartControl;
        this.timeline = timeline;
        this.spaces = new AddressSpace[harts];
        this.tasks = new Task[harts];
        this.sinceCycle = new long[harts];
    }

    /**
     * Takes the lock of a task's address space for the hart at work; what it may have of another is given back.
     *
     * @return whether the hart has it; else it has to wait, and is woken with it
     */
    boolean acquire(Hart hart, Task task, SpaceLock.Mode mode) {
        AddressSpace space = task.process().space();
        if (spaces[hart.id()] != space) {
            release(hart);
            spaces[hart.id()] = space;
        }
        tasks[hart.id()] = task;
        long now = meter.nowCycle();
        if (!space.lock().acquire(hart.id(), mode)) {
            sinceCycle[hart.id()] = now;
            timeline.waitsForLock(hart, task.process().pid());
            return false;
        }
        // Whoever had it has announced when it is free.
        long untilHeldCycles = Math.max(0, space.lock().heldFromCycle(hart.id()) - now);
        timeline.waitsForLock(hart, task.process().pid(), untilHeldCycles);
        meter.charge(untilHeldCycles);
        noteWait(task, untilHeldCycles);
        return true;
    }

    private void noteWait(Task task, long cycles) {
        task.process().lockWaits().note(cycles);
        waits.note(cycles);
    }

    /** How long tasks have waited for locks: of all processes together. */
    LockWaits waits() {
        return waits;
    }

    /** Whether the hart has a lock for its task. */
    boolean isHeld(Hart hart) {
        AddressSpace space = spaces[hart.id()];
        return space != null && space.lock().isHeldBy(hart.id());
    }

    /** Gives back what the hart has for a task that it does not execute any more, or for memory that its task has left. */
    void releaseUnlessFor(Hart hart, Task current) {
        if (current == null
                || tasks[hart.id()] != current
                || spaces[hart.id()] != current.process().space()) {
            release(hart);
        }
    }

    /** Gives the lock back as of the end of the hart's step, and wakes those that have it then. */
    void release(Hart hart) {
        AddressSpace space = spaces[hart.id()];
        if (space == null) {
            return;
        }
        spaces[hart.id()] = null;
        tasks[hart.id()] = null;
        long now = meter.nowCycle();
        SpaceLock lock = space.lock();
        long granted = lock.release(hart.id(), now);
        while (granted != 0) {
            int next = HartBits.lowest(granted);
            granted = HartBits.withoutLowest(granted);
            noteWait(tasks[next], lock.heldFromCycle(next) - sinceCycle[next]);
            hartControl.wake(next, Math.max(now, lock.heldFromCycle(next)));
        }
    }

    /** A task may have ended while its hart still waits for what it has taken away. */
    private static boolean isGone(Task task) {
        return task == null || task.state() == TaskState.ENDED;
    }

    void save(ByteArrayDataOutput out) {
        for (int hartId = 0; hartId < tasks.length; hartId++) {
            out.writeInt(isGone(tasks[hartId]) ? 0 : tasks[hartId].tid());
            out.writeLong(
                    spaces[hartId] == null ? 0 : spaces[hartId].translations().id());
            out.writeLong(sinceCycle[hartId]);
        }
        waits.save(out);
    }

    /** The locks themselves are restored with their address spaces. */
    void restore(ByteArrayDataInput in, IntFunction<Task> taskByTid, LongFunction<AddressSpace> spaceById) {
        for (int hartId = 0; hartId < tasks.length; hartId++) {
            int tid = in.readInt();
            tasks[hartId] = tid == 0 ? null : taskByTid.apply(tid);
            spaces[hartId] = spaceById.apply(in.readLong());
            sinceCycle[hartId] = in.readLong();
        }
        waits.restore(in);
    }
}
