package dev.pagewalk.kernel.schedule;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitReason;
import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Blocked tasks by what they wait for, each queue in the order of blocking. */
final class WaitQueues {
    private final TreeMap<WaitReason, ArrayDeque<Task>> byReason = new TreeMap<>();

    /** Puts a task at the end of its reason's queue. */
    void add(Task task) {
        byReason.computeIfAbsent(task.waitsFor(), any -> new ArrayDeque<>()).add(task);
    }

    void remove(Task task) {
        ArrayDeque<Task> waiting = byReason.get(task.waitsFor());
        waiting.remove(task);
        if (waiting.isEmpty()) {
            byReason.remove(task.waitsFor());
        }
    }

    /** Takes the first task that waits for something out of the queue; null where there is none. */
    Task poll(WaitReason reason) {
        ArrayDeque<Task> waiting = byReason.get(reason);
        if (waiting == null) {
            return null;
        }
        Task first = waiting.poll();
        if (waiting.isEmpty()) {
            byReason.remove(reason);
        }
        return first;
    }

    void save(ByteArrayDataOutput out) {
        out.writeInt(byReason.size());
        byReason.values().forEach(waiting -> save(waiting, out));
    }

    void restore(ByteArrayDataInput in, IntFunction<Task> tasks) {
        byReason.clear();
        for (int count = in.readInt(); count > 0; count--) {
            ArrayDeque<Task> waiting = restoreTasks(in, tasks);
            byReason.put(waiting.peek().waitsFor(), waiting);
        }
    }

    static void save(ArrayDeque<Task> queue, ByteArrayDataOutput out) {
        out.writeInt(queue.size());
        queue.forEach(task -> out.writeInt(task.tid()));
    }

    static ArrayDeque<Task> restoreTasks(ByteArrayDataInput in, IntFunction<Task> tasks) {
        ArrayDeque<Task> queue = new ArrayDeque<>();
        for (int count = in.readInt(); count > 0; count--) {
            queue.add(tasks.apply(in.readInt()));
        }
        return queue;
    }
}
