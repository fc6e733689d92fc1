package dev.pagewalk.kernel.debug;

import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.signal.SignalInfo;

/**
 * What happens to processes, told to a debugger in the step in which it happens; {@link Process} and {@link Task} are for looking
 * at. Only its decision about a signal changes anything. The events are those of ptrace(2).
 */
public interface DebugEvents extends UserMemory.CopyObserver {
    /** The signal that {@link #decideSignal} names to drop one. */
    int NO_SIGNAL = 0;

    /**
     * Before a signal is delivered that runs a handler, stops or ends the process, other than SIGKILL.
     *
     * @return whether to hold the kernel step there; when it goes on, {@link #decideSignal} is asked
     */
    boolean holdsSignal(Task task, SignalInfo info);

    /** Which signal is delivered in the place of one that has been held: 1 to 64, or {@link #NO_SIGNAL}. */
    int decideSignal(Task task, SignalInfo info);

    /**
     * A task has made a child process, which has not executed anything yet.
     *
     * @param waits whether the parent goes on only when the child does not use its memory any more
     */
    void forked(Task parent, Process child, boolean waits);

    /** The child for which the task has waited does not use its memory any more. */
    void vforkDone(Task parent);

    /** A process has another program, of which it has not executed anything yet. */
    void enteredProgram(Task task);

    /**
     * The last task of a process ends; what it has mapped is still there.
     *
     * @param status as {@link dev.pagewalk.kernel.process.WaitStatus} has it
     */
    void processEnds(Process process, int status);
}
