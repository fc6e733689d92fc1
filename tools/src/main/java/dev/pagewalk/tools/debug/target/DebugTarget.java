package dev.pagewalk.tools.debug.target;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A guest under a debugger: what the packets of GDB's protocol ask for and bring about, without their spelling.
 *
 * <p>All calls come from the machine's thread while the guest stands still. Reading changes nothing in the guest and no
 * statistic; every write is an input of the guest's, which the input log keeps.
 */
public interface DebugTarget {
    /** The number of x0 in {@link #register}; x1 to x31 follow. */
    int FIRST_REGISTER = 0;

    /** The pc's number. */
    int PC_REGISTER = 32;

    /** The number of CSR 0; that of CSR n is this plus n. Source: GDB, gdb/riscv-tdep.h. */
    int FIRST_CSR_REGISTER = 65;

    /** All live processes, attached or not, by pid. */
    List<Integer> processes();

    /** The processes that the debugger has attached to and that live, by pid. */
    List<Integer> attachedProcesses();

    /** Attaches to a live process: its threads stand still from now on. Returns whether there is one. */
    boolean attach(int pid);

    /** Gives a process up, with its points: it runs on when the guest does. */
    void detach(int pid);

    /** Ends a process by SIGKILL, when the guest goes on; an input. Returns whether there is one. */
    boolean kill(int pid);

    /** The threads of all attached processes, by pid and tid. */
    List<ThreadId> threads();

    /** Whether an attached process has this thread. */
    boolean isAlive(ThreadId thread);

    /** The name of its program's file, without folders. */
    String threadName(ThreadId thread);

    /** The hart that executes it or did so last; 0 where none has yet. */
    int hart(ThreadId thread);

    /** In a few words what it does: {@code running on hart 2}, {@code blocked: waits for a futex}, and so on. */
    String threadState(ThreadId thread);

    /**
     * A register.
     *
     * @param number {@link #FIRST_REGISTER} to {@link #PC_REGISTER}, or of a CSR
     * @return empty where there is no such register
     */
    OptionalLong register(ThreadId thread, int number);

    /** Changes one of x1 to x31 or the pc; an input. Returns whether that is possible; of x0 it is, and changes nothing. */
    boolean setRegister(ThreadId thread, int number, long value);

    /**
     * Reads what loads of the process would see; populates nothing.
     *
     * @return up to {@code lengthBytes} bytes, fewer where nothing is mapped further on
     */
    byte[] readMemory(int pid, long address, int lengthBytes);

    /** Writes into a process's memory whatever its protection, breaking the sharing of private pages; an input. */
    boolean writeMemory(int pid, long address, byte[] bytes);

    /** Sets a point of an attached process; one that is set stays. Returns whether that is possible. */
    boolean insert(int pid, DebugPoint point);

    /** Removes a point; harmless where it is not set. */
    void remove(int pid, DebugPoint point);

    /**
     * Which system calls of a process stop the guest when they are made and when they return.
     *
     * @param numbers empty for all; null for none
     */
    void catchSystemCalls(int pid, Set<Integer> numbers);

    /** Signals, of Linux's numbers, that are delivered without a stop. */
    void passSignals(Set<Integer> signals);

    /** The auxiliary vector that the process's program was started with. */
    byte[] auxiliaryVector(int pid);

    /** The guest's path of the process's program. */
    String programPath(int pid);

    /** The bytes of a file as a process sees it; empty where there is none, or it is none that has bytes. */
    Optional<byte[]> file(int pid, String path);

    /** What has stopped the thread as Linux's siginfo_t, 128 bytes; empty where it was no signal. */
    Optional<byte[]> signalInformation(ThreadId thread);

    /** A text for people, several lines, in answer to a {@code monitor} command; errors are such texts, too. */
    String monitor(ThreadId selected, String command);

    /** Lets the guest go on; threads of attached processes that have no action stand still. The report comes later. */
    void resume(Map<ThreadId, ThreadAction> actions);

    /** Goes back to the thread's last instruction; the report comes later. */
    void reverseStep(ThreadId thread);

    /** Goes back to the last time that a point stopped an attached process; the report comes later. */
    void reverseContinue(ThreadId thread);

    /**
     * Starts the guest anew, from power-on, before its first instruction; its first process is attached.
     *
     * @param arguments of the first process behind its name; null for those that it had
     * @return whether that is possible
     */
    boolean restart(List<String> arguments);
}
