package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.emulator.debug.AccessStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.kernel.KernelDebugging;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.history.StopWatcher;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Sees a guest run forward, and stops it where a thread of an attached process comes to what the debugger waits for. */
final class StopConditions implements StopWatcher {
    private static final int CALL_NUMBER_REGISTER = 17;

    private final SortedMap<Integer, Inferior> inferiors;
    private final Set<Integer> passedSignals = new HashSet<>();

    private KernelDebugging kernel;
    private PointHits hits;

    /** What has stopped the guest, or is about to; null where nothing has. */
    private StopReport report;

    /** Null where no thread makes a step. */
    private Stepping stepping;

    /** Whether points that were just removed hold for all but the stepping thread. */
    private boolean stepsAlone;

    /** By tid: caught calls that have not returned yet. */
    private final Map<Integer, Integer> calls = new HashMap<>();

    /** Tasks, by tid, that are about to execute the first instruction of a program. */
    private final Set<Integer> execs = new HashSet<>();

    /** The signal that a thread has been stopped for, while its step is held. */
    private ThreadId heldThread;

    private SignalInfo heldSignal;

    /** Whom the debugger has sent a signal that is not delivered yet; null where there is none. */
    private ThreadId sentThread;

    private int sentSignal;

    /** A thread that has stopped before an instruction does not stop there again before it has executed it; else null. */
    private ThreadId passingThread;

    private long passingPc;

    /** What the hart that executes had retired when it was last let go on, and whether it has come to a point since. */
    private long retiredBefore;

    private boolean passesAnew;

    StopConditions(SortedMap<Integer, Inferior> inferiors) {
        this.inferiors = inferiors;
    }

    /** Another machine stands at power-on. */
    void begin(KernelDebugging newKernel) {
        kernel = newKernel;
        hits = new PointHits(newKernel, inferiors);
        report = null;
        forgetStop();
    }

    /** The guest is somewhere else than where it was stopped. */
    void forgetStop() {
        stepping = null;
        calls.clear();
        execs.clear();
        heldThread = null;
        heldSignal = null;
        passingThread = null;
        sentThread = null;
    }

    void passSignals(Set<Integer> signals) {
        passedSignals.clear();
        passedSignals.addAll(signals);
    }

    /** Why the guest has stopped; the next stop has another reason. */
    StopReport takeReport() {
        StopReport taken = report;
        report = null;
        stepping = null;
        stepsAlone = false;
        return taken;
    }

    /** The first reason is the one that counts. */
    void report(StopReport reason) {
        if (report == null) {
            report = reason;
        }
    }

    private void report(Task task, Reason reason) {
        report(new StopReport.ThreadStopped(idOf(task), GuestDebugger.TRAP_SIGNAL, reason));
    }

    static ThreadId idOf(Task task) {
        return new ThreadId(task.process().pid(), task.tid());
    }

    /** The signal for which the thread's kernel step is held; null where it is not. */
    SignalInfo heldSignalOf(ThreadId thread) {
        return thread.equals(heldThread) ? heldSignal : null;
    }

    /** The thread whose kernel step is held; null where there is none. */
    ThreadId heldThread() {
        return heldThread;
    }

    /**
     * The guest goes on.
     *
     * @param newStepping null where no thread makes a step
     * @param alone whether it is the only one that was told to go on
     */
    void resume(Stepping newStepping, boolean alone) {
        report = null;
        stepping = newStepping;
        stepsAlone = alone;
        heldThread = null;
        heldSignal = null;
        if (stepping != null) {
            // A step gets a thread on even where a breakpoint is.
            Task task = kernel.task(stepping.tid());
            pass(task, kernel.pc(task));
        }
    }

    /** Somebody has moved the thread: a breakpoint where it is now stops it. */
    void moved(ThreadId thread) {
        if (thread.equals(passingThread)) {
            passingThread = null;
        }
    }

    @Override
    public boolean stopsHere() {
        return report != null;
    }

    @Override
    public boolean stopsBefore(Hart hart) {
        retiredBefore = hart.retired;
        passesAnew = false;
        Task task = kernel.taskOn(hart);
        if (task == null) {
            return false;
        }
        Integer call = calls.remove(task.tid());
        if (execs.remove(task.tid())) {
            report(task, new Reason.Executed(kernel.programPath(task.process())));
        } else if (call != null && catches(task, call)) {
            report(task, new Reason.CallReturned(call));
        } else if (isStepping(task) && stepping.isOverAt(hart.pc)) {
            report(task, reasonAt(task, hart.pc));
        }
        return report != null;
    }

    private boolean catches(Task task, int call) {
        Inferior inferior = inferiors.get(task.process().pid());
        return inferior != null && inferior.catchesCall(call);
    }

    @Override
    public long instructionBudget(Hart hart) {
        return stepping != null && isStepping(kernel.taskOn(hart)) ? 1 : Long.MAX_VALUE;
    }

    private boolean isStepping(Task task) {
        return stepping != null && stepping.tid() == task.tid();
    }

    @Override
    public void executed(Hart hart, long instructions) {
        Task task = kernel.taskOn(hart);
        if (instructions > 0 && !passesAnew && idOf(task).equals(passingThread)) {
            passingThread = null;
        }
        if (hart.trapCause() == TrapCause.SYSTEM_CALL) {
            int number = (int) hart.x[CALL_NUMBER_REGISTER];
            if (catches(task, number)) {
                calls.put(task.tid(), number);
                report(task, new Reason.CallEntered(number));
            }
        }
        if (isStepping(task) && stepping.executed(hart, instructions)) {
            report(task, reasonAt(task, hart.pc));
        }
    }

    /** Why a step ends: at a breakpoint, perhaps the one that was set to end it. */
    private Reason reasonAt(Task task, long pc) {
        Inferior inferior = inferiors.get(task.process().pid());
        DebugPoint point = inferior == null ? null : inferior.breakpointAt(pc, false);
        return point == null ? new Reason.Plain() : new Reason.Breakpoint(point.kind());
    }

    @Override
    public boolean breaksAt(Hart hart) {
        Task task = kernel.taskOn(hart);
        return stopsBeforeInstruction(task, hart, hits.breakpoint(task, hart.pc, countsRemoved(task)));
    }

    /** Points that were just removed were so for the stepping thread, which is to get past them. */
    private boolean countsRemoved(Task task) {
        return stepsAlone && !isStepping(task);
    }

    /** @param hit null for none */
    private boolean stopsBeforeInstruction(Task task, Hart hart, StopReport hit) {
        if (hit == null || passes(task, hart)) {
            return false;
        }
        passAnew(task, hart);
        report(hit);
        return true;
    }

    private boolean passes(Task task, Hart hart) {
        return hart.pc == passingPc
                && hart.retired == retiredBefore
                && idOf(task).equals(passingThread);
    }

    /** It has stopped now; what it has executed before in one go with that does not count. */
    private void passAnew(Task task, Hart hart) {
        pass(task, hart.pc);
        passesAnew = true;
    }

    private void pass(Task task, long pc) {
        passingThread = idOf(task);
        passingPc = pc;
    }

    @Override
    public AccessStop stopForAccess(Hart hart, long address, int lengthBytes, AccessType type) {
        Task task = kernel.taskOn(hart);
        StopReport hit = hits.access(task, address, lengthBytes, type, countsRemoved(task));
        return stopsBeforeInstruction(task, hart, hit) ? AccessStop.BEFORE : AccessStop.NOT;
    }

    @Override
    public void copied(AddressSpace space, long address, int lengthBytes, AccessType access) {
        StopReport hit = hits.copy(space, address, lengthBytes, access);
        if (hit != null) {
            report(hit);
        }
    }

    /** The debugger sends a signal: it is no news to it. */
    void sent(ThreadId thread, int signal) {
        sentThread = thread;
        sentSignal = signal;
    }

    @Override
    public boolean holdsSignal(Task task, SignalInfo info) {
        if (idOf(task).equals(sentThread) && info.signal() == sentSignal) {
            sentThread = null;
            return false;
        }
        boolean holds = inferiors.containsKey(task.process().pid()) && !passedSignals.contains(info.signal());
        if (holds) {
            heldThread = idOf(task);
            heldSignal = info;
            report(new StopReport.ThreadStopped(heldThread, info.signal(), new Reason.Plain()));
        }
        return holds;
    }

    @Override
    public void forked(Task parent, Process child, boolean waits) {
        Inferior inferior = inferiors.get(parent.process().pid());
        if (inferior != null) {
            Inferior made = new Inferior();
            made.inheritCatches(inferior);
            inferiors.put(child.pid(), made);
            ThreadId thread = idOf(child.leader());
            report(parent, waits ? new Reason.Vforked(thread) : new Reason.Forked(thread));
        }
    }

    @Override
    public void vforkDone(Task parent) {
        if (inferiors.containsKey(parent.process().pid())) {
            report(parent, new Reason.VforkDone());
        }
    }

    @Override
    public void enteredProgram(Task task) {
        Inferior inferior = inferiors.get(task.process().pid());
        if (inferior != null) {
            inferior.forgetPoints();
            execs.add(task.tid());
        }
    }

    @Override
    public void processEnds(Process process, int status) {
        if (inferiors.remove(process.pid()) != null) {
            int detail = WaitStatus.detail(status);
            report(
                    WaitStatus.isKilled(status)
                            ? new StopReport.ProcessKilled(process.pid(), detail)
                            : new StopReport.ProcessExited(process.pid(), detail));
        }
    }
}
