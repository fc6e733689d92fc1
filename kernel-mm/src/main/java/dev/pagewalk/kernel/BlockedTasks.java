package dev.pagewalk.kernel;

import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import java.util.List;

/** Who waits for what, for the message about a deadlock. */
final class BlockedTasks {
    private BlockedTasks() {}

    /** One line for each task that waits or is stopped, by pid and tid. */
    static List<String> describe(ProcessTable processes) {
        return processes.all().stream()
                .flatMap(process -> process.tasks().stream())
                .filter(task -> task.state() == TaskState.BLOCKED || task.state() == TaskState.STOPPED)
                .map(task -> name(task)
                        + (task.state() == TaskState.STOPPED
                                ? " is stopped"
                                : " waits for " + task.waitsFor().describe()))
                .toList();
    }

    private static String name(Task task) {
        Process process = task.process();
        String name = "process " + process.pid();
        return process.tasks().size() == 1 ? name : "task " + task.tid() + " of " + name;
    }
}
