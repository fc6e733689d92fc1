package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.history.GuestHistory;
import dev.pagewalk.tools.history.RecordedInput;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Which threads a debugger keeps from running while others go on. To change that is an input; to leave it as it is is none. */
final class Suspension {
    private final Kernel kernel;
    private final GuestHistory history;
    private final Supplier<List<ThreadId>> attachedThreads;

    Suspension(Kernel kernel, GuestHistory history, Supplier<List<ThreadId>> attachedThreads) {
        this.kernel = kernel;
        this.history = history;
        this.attachedThreads = attachedThreads;
    }

    boolean isSuspended(ThreadId thread) {
        Task task = kernel.debugging().task(thread.tid());
        return task != null && task.isSuspended();
    }

    /** From now on these of the attached threads are kept from running, and no others. */
    void suspend(Predicate<ThreadId> suspended) {
        change(attachedThreads.get().stream()
                .filter(suspended)
                .map(ThreadId::tid)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Lets some run. */
    void release(Set<Integer> tids) {
        SortedSet<Integer> rest = tids();
        rest.removeAll(tids);
        change(rest);
    }

    private void change(SortedSet<Integer> tids) {
        if (!tids.equals(tids())) {
            history.intervene(new RecordedInput.SuspendedTasks(tids));
        }
    }

    private SortedSet<Integer> tids() {
        return kernel.processes().stream()
                .flatMap(process -> process.tasks().stream())
                .filter(Task::isSuspended)
                .map(Task::tid)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
