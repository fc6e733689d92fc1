package dev.pagewalk.kernel.futex;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.schedule.Scheduler;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.TreeMap;

/**
 * Who waits for which futex, first come first served. Whoever wakes a task decides thereby that its call succeeds: a signal or
 * a time-out that comes later finds it no longer waiting. Source: Linux, kernel/futex/waitwake.c and requeue.c.
 */
public final class FutexTable {
    /** FUTEX_BITSET_MATCH_ANY. */
    public static final int ANY = -1;

    private final Scheduler scheduler;
    private final TreeMap<FutexKey, ArrayDeque<Waiter>> waiters = new TreeMap<>();

    /** What each task that waits is waiting for, by tid. */
    private final TreeMap<Integer, FutexKey> keys = new TreeMap<>();

    public FutexTable(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** @param bitset wakers that share no bit with it leave the task alone */
    private record Waiter(Task task, int bitset) {}

    /** A task is about to wait. */
    public void add(FutexKey key, Task task, int bitset) {
        waiters.computeIfAbsent(key, any -> new ArrayDeque<>()).add(new Waiter(task, bitset));
        keys.put(task.tid(), key);
    }

    /** The task does not wait any more: its time is over, a handler is to run, or it ends. */
    public void forget(Task task) {
        FutexKey key = keys.remove(task.tid());
        if (key != null) {
            ArrayDeque<Waiter> queue = waiters.get(key);
            queue.removeIf(waiter -> waiter.task() == task);
            dropIfEmpty(key, queue);
        }
    }

    /**
     * Wakes tasks whose bits match.
     *
     * @return how many
     */
    public int wake(FutexKey key, int most, int bitset) {
        ArrayDeque<Waiter> queue = waiters.get(key);
        if (queue == null) {
            return 0;
        }
        int woken = 0;
        Iterator<Waiter> rest = queue.iterator();
        while (woken < most && rest.hasNext()) {
            Waiter waiter = rest.next();
            if ((waiter.bitset() & bitset) != 0) {
                rest.remove();
                wake(waiter.task());
                woken++;
            }
        }
        dropIfEmpty(key, queue);
        return woken;
    }

    private void wake(Task task) {
        keys.remove(task.tid());
        task.decide(0);
        if (task.state() == TaskState.BLOCKED) {
            scheduler.wake(task);
        }
    }

    /**
     * Lets tasks that wait for one futex wait for another, behind those that do already.
     *
     * @param address where the other futex is, for whoever asks what they wait for
     * @return how many
     */
    public int requeue(FutexKey from, FutexKey to, int most, long address) {
        ArrayDeque<Waiter> queue = waiters.get(from);
        if (queue == null) {
            return 0;
        }
        if (from.equals(to)) {
            return Math.min(queue.size(), most);
        }
        int moved = 0;
        while (moved < most && !queue.isEmpty()) {
            Waiter waiter = queue.poll();
            add(to, waiter.task(), waiter.bitset());
            if (waiter.task().state() == TaskState.BLOCKED) {
                scheduler.waitInstead(waiter.task(), new WaitReason(WaitReason.Kind.FUTEX, address));
            }
            moved++;
        }
        dropIfEmpty(from, queue);
        return moved;
    }

    private void dropIfEmpty(FutexKey key, ArrayDeque<Waiter> queue) {
        if (queue.isEmpty()) {
            waiters.remove(key);
        }
    }

    public void save(ByteArrayDataOutput out) {
        out.writeInt(waiters.size());
        waiters.forEach((key, queue) -> {
            key.save(out);
            out.writeInt(queue.size());
            for (Waiter waiter : queue) {
                out.writeInt(waiter.task().tid());
                out.writeInt(waiter.bitset());
            }
        });
    }

    /** @param processes restored already */
    public void restore(ByteArrayDataInput in, ProcessTable processes) {
        waiters.clear();
        keys.clear();
        for (int futexes = in.readInt(); futexes > 0; futexes--) {
            FutexKey key = FutexKey.restore(in);
            for (int count = in.readInt(); count > 0; count--) {
                add(key, processes.findTask(in.readInt()), in.readInt());
            }
        }
    }
}
