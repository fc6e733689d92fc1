package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.kernel.KernelDebugging;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.history.GuestHistory;
import dev.pagewalk.tools.history.RecordedInput;
import dev.pagewalk.tools.history.StopWatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A guest as a debugger's target: processes are inferiors, their tasks are threads.
 *
 * <p>It never keeps a {@link Task} or a {@link Process} while the guest runs: going back in time makes new ones.
 */
public final class GuestDebugger implements DebugTarget {
    static final int TRAP_SIGNAL = Signal.SIGTRAP.number();

    private final TreeMap<Integer, Inferior> inferiors = new TreeMap<>();
    private final StopConditions conditions;
    private final Guest guest;

    private MachineAssembly assembly;
    private GuestHistory history;
    private KernelDebugging kernel;
    private Suspension suspension;

    private BooleanSupplier isWanted = () -> false;
    private Consumer<String> messages = text -> {};

    /** What {@link #run} is to do. */
    private Motion motion = Motion.FORWARD;

    /** Whose stop was reported last; null before any. */
    private ThreadId stopped;

    private final AppliedPoints points = new AppliedPoints();

    /** How the guest is to move. */
    private enum Motion {
        FORWARD,
        BACK_TO_POINT,
        BACK_ONE_STEP
    }

    /** What the guest consists of, and how it is started again. */
    public interface Guest {
        MachineAssembly assembly();

        GuestHistory history();

        /**
         * Answers a {@code monitor} command.
         *
         * @param selected the selected thread; null for none
         */
        String monitor(ThreadId selected, String command);

        /**
         * Puts a new machine together that stands at power-on; {@link #assembly} and {@link #history} are its from then on.
         *
         * @param arguments behind the program's name; null for those that it had
         * @return whether that is possible
         */
        boolean startAgain(List<String> arguments);
    }

    public GuestDebugger(Guest guest) {
        this.guest = guest;
        this.conditions = new StopConditions(inferiors);
        begin();
    }

    private void begin() {
        assembly = guest.assembly();
        history = guest.history();
        kernel = assembly.kernel().debugging();
        suspension = new Suspension(assembly.kernel(), history, this::threads);
        conditions.begin(kernel);
        motion = Motion.FORWARD;
        stopped = null;
        points.forget();
        history.watchBy(inferiors.isEmpty() ? StopWatcher.NOBODY : conditions);
    }

    private Machine machine() {
        return assembly.machine();
    }

    // What a run under a debugger does with it.

    /** Says who knows whether somebody waits for the guest to stop: a search of the past ends then. */
    public void setImpatience(BooleanSupplier somebodyWaits) {
        isWanted = somebodyWaits;
    }

    /** The machine that is debugged now. */
    public MachineAssembly assembly() {
        return assembly;
    }

    /**
     * Has the guest do what it was resumed for, until it stops for that, or for a reason of the machine's.
     *
     * @return as {@link Machine#run}; {@link RunStop#DEBUGGER} where {@link #takeReport} has something to tell
     */
    public RunStop run(long limitCycle, long pauseCycle) {
        return switch (motion) {
            case FORWARD -> history.advance(limitCycle, pauseCycle);
            case BACK_TO_POINT -> goBackToPoint();
            case BACK_ONE_STEP -> goBackOneStep();
        };
    }

    /** Names who shows the client's user a text while the guest runs. */
    public void setMessages(Consumer<String> texts) {
        messages = texts;
    }

    /** Whether the guest is to go back, not forward. */
    public boolean goesBack() {
        return motion != Motion.FORWARD;
    }

    /** Whether the guest has stopped for something that the client is to learn. */
    public boolean hasReport() {
        return conditions.stopsHere();
    }

    /** Why the guest has stopped; the guest stands still now. */
    public StopReport takeReport() {
        StopReport report = conditions.takeReport();
        motion = Motion.FORWARD;
        if (report instanceof StopReport.ThreadStopped stop) {
            if (!isAlive(stop.thread())) {
                report = ofSibling(stop);
            }
            stopped = report instanceof StopReport.ThreadStopped told ? told.thread() : stopped;
        }
        inferiors.values().forEach(Inferior::forgetRemoved);
        return report;
    }

    /** What ends a thread may be what stops the guest: then a thread that is still there tells of it. */
    private StopReport ofSibling(StopReport.ThreadStopped stop) {
        return threads().stream()
                .filter(thread -> thread.pid() == stop.thread().pid())
                .findFirst()
                .map(thread -> (StopReport) new StopReport.ThreadStopped(thread, stop.signal(), stop.reason()))
                .orElse(new StopReport.NothingRuns());
    }

    /** Somebody has interrupted the run; {@link #takeReport} tells so. */
    public void interrupt() {
        stopFor(Signal.SIGINT.number());
    }

    private void stopFor(int signal) {
        ThreadId thread = someThread();
        conditions.report(
                thread == null
                        ? new StopReport.NothingRuns()
                        : new StopReport.ThreadStopped(thread, signal, new StopReport.Reason.Plain()));
    }

    /** That which executes, else the one that stopped last, else the first. */
    private ThreadId someThread() {
        Hart hart = machine().hartUnderWay();
        Task task = hart == null ? null : kernel.taskOn(hart);
        if (task != null && inferiors.containsKey(task.process().pid())) {
            return StopConditions.idOf(task);
        }
        if (stopped != null && isAlive(stopped)) {
            return stopped;
        }
        List<ThreadId> threads = threads();
        return threads.isEmpty() ? null : threads.get(0);
    }

    // Processes and threads.

    @Override
    public List<Integer> processes() {
        return assembly.kernel().processes().stream()
                .filter(process -> isLive(process))
                .map(Process::pid)
                .sorted()
                .toList();
    }

    private static boolean isLive(Process process) {
        return process != null && process.stage() == ProcessStage.LIVE;
    }

    @Override
    public List<Integer> attachedProcesses() {
        return inferiors.keySet().stream()
                .filter(pid -> isLive(kernel.process(pid)))
                .toList();
    }

    @Override
    public boolean attach(int pid) {
        if (!isLive(kernel.process(pid))) {
            return false;
        }
        inferiors.computeIfAbsent(pid, any -> new Inferior());
        history.watchBy(conditions);
        return true;
    }

    @Override
    public void detach(int pid) {
        if (inferiors.remove(pid) == null) {
            return;
        }
        Process process = kernel.process(pid);
        if (process != null) {
            suspension.release(tids(process));
        }
        points.apply(history, inferiors.values(), false);
        if (inferiors.isEmpty()) {
            history.watchBy(StopWatcher.NOBODY);
        }
    }

    @Override
    public boolean kill(int pid) {
        return history.intervene(new RecordedInput.Kill(pid));
    }

    @Override
    public List<ThreadId> threads() {
        List<ThreadId> threads = new ArrayList<>();
        for (int pid : attachedProcesses()) {
            tids(kernel.process(pid)).forEach(tid -> threads.add(new ThreadId(pid, tid)));
        }
        return threads;
    }

    private static SortedSet<Integer> tids(Process process) {
        return process.tasks().stream().map(Task::tid).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public boolean isAlive(ThreadId thread) {
        return inferiors.containsKey(thread.pid()) && find(thread) != null;
    }

    /** Null where there is no such thread. */
    private Task find(ThreadId thread) {
        Task task = kernel.task(thread.tid());
        return task != null && task.process().pid() == thread.pid() ? task : null;
    }

    private Task require(ThreadId thread) {
        Task task = find(thread);
        if (task == null) {
            throw new IllegalArgumentException("no thread " + thread);
        }
        return task;
    }

    @Override
    public String threadName(ThreadId thread) {
        String path = programPath(thread.pid());
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public int hart(ThreadId thread) {
        return Math.max(0, require(thread).hartId());
    }

    @Override
    public String threadState(ThreadId thread) {
        Task task = require(thread);
        return task.describeState() + (task.isSuspended() ? ", kept from running by the debugger" : "");
    }

    // Registers and memory.

    @Override
    public OptionalLong register(ThreadId thread, int number) {
        Task task = require(thread);
        if (number >= FIRST_REGISTER && number < PC_REGISTER) {
            return OptionalLong.of(kernel.register(task, number));
        }
        if (number == PC_REGISTER) {
            return OptionalLong.of(kernel.pc(task));
        }
        Hart hart = machine().harts().get(hart(thread));
        return switch (number - FIRST_CSR_REGISTER) {
            case Csr.CYCLE -> OptionalLong.of(hart.cycle);
            case Csr.TIME ->
                OptionalLong.of(hart.cycle / machine().config().profile().cyclesPerTimerTick());
            case Csr.INSTRET -> OptionalLong.of(hart.retired);
            default -> OptionalLong.empty();
        };
    }

    @Override
    public boolean setRegister(ThreadId thread, int number, long value) {
        Task task = require(thread);
        if (number < FIRST_REGISTER || number > PC_REGISTER) {
            return false;
        }
        long current = number == PC_REGISTER ? kernel.pc(task) : kernel.register(task, number);
        if (number == PC_REGISTER) {
            conditions.moved(thread);
        }
        return number == FIRST_REGISTER
                || current == value
                || history.intervene(new RecordedInput.RegisterWrite(thread.tid(), number, value));
    }

    @Override
    public byte[] readMemory(int pid, long address, int lengthBytes) {
        Process process = kernel.process(pid);
        return process == null ? new byte[0] : assembly.kernel().peek(process, address, lengthBytes);
    }

    @Override
    public boolean writeMemory(int pid, long address, byte[] bytes) {
        return bytes.length == 0 || history.intervene(new RecordedInput.MemoryWrite(pid, address, bytes.clone()));
    }

    @Override
    public byte[] auxiliaryVector(int pid) {
        Process process = kernel.process(pid);
        return process == null ? new byte[0] : kernel.auxiliaryVector(process);
    }

    @Override
    public String programPath(int pid) {
        Process process = kernel.process(pid);
        return process == null ? "" : kernel.programPath(process);
    }

    @Override
    public Optional<byte[]> file(int pid, String path) {
        Process process = kernel.process(pid);
        return process == null ? Optional.empty() : kernel.file(process, path);
    }

    @Override
    public Optional<byte[]> signalInformation(ThreadId thread) {
        SignalInfo info = conditions.heldSignalOf(thread);
        return info == null ? Optional.empty() : Optional.of(SignalRecord.of(info));
    }

    @Override
    public String monitor(ThreadId selected, String command) {
        return guest.monitor(selected, command);
    }

    // Points.

    @Override
    public boolean insert(int pid, DebugPoint point) {
        Inferior inferior = inferiors.get(pid);
        if (inferior == null || point.kind().isWatchpoint() && point.lengthBytes() < 1) {
            return false;
        }
        return inferior.insert(point);
    }

    @Override
    public void remove(int pid, DebugPoint point) {
        Inferior inferior = inferiors.get(pid);
        if (inferior != null) {
            inferior.remove(point);
        }
    }

    @Override
    public void catchSystemCalls(int pid, Set<Integer> numbers) {
        Inferior inferior = inferiors.get(pid);
        if (inferior != null) {
            inferior.catchCalls(numbers);
        }
    }

    @Override
    public void passSignals(Set<Integer> signals) {
        conditions.passSignals(signals);
    }

    // Motion.

    @Override
    public void resume(Map<ThreadId, ThreadAction> actions) {
        keepHeldSignal(actions);
        actions.forEach(this::sendSignal);
        actions.keySet().forEach(thread -> inferiors.get(thread.pid()).hasBeenResumed());
        boolean isLone = actions.size() == 1;
        Stepping stepping = actions.entrySet().stream()
                .filter(entry -> isLone || !(entry.getValue() instanceof ThreadAction.Continue))
                .map(entry -> stepping(entry.getKey(), entry.getValue()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        // All others do what they would have done before it has made its step.
        boolean stepsAlone = stepping != null && isLone && stopped != null && actions.containsKey(stopped);
        suspension.suspend(thread -> !actions.containsKey(thread)
                && !(stepsAlone && inferiors.get(thread.pid()).isResumed() && !suspension.isSuspended(thread)));
        conditions.resume(stepping, stepsAlone);
        points.apply(history, inferiors.values(), stepsAlone);
        motion = Motion.FORWARD;
    }

    private void sendSignal(ThreadId thread, ThreadAction action) {
        int signal = action instanceof ThreadAction.Continue on
                ? on.signal()
                : action instanceof ThreadAction.Step step ? step.signal() : ThreadAction.NO_SIGNAL;
        SignalInfo held = conditions.heldSignalOf(thread);
        if (held != null && held.signal() != signal) {
            history.intervene(new RecordedInput.SignalDecision(thread.tid(), signal));
        } else if (held == null && signal != ThreadAction.NO_SIGNAL) {
            conditions.sent(thread, signal);
            history.intervene(new RecordedInput.SentSignal(thread.tid(), signal));
        }
    }

    /** Null where the action is no step. */
    private Stepping stepping(ThreadId thread, ThreadAction action) {
        Task task = find(thread);
        if (task == null || action instanceof ThreadAction.Continue && !stopsAfterOne(thread.pid(), task)) {
            return null;
        }
        long pc = kernel.pc(task);
        return action instanceof ThreadAction.StepInRange range
                ? new Stepping(thread.tid(), pc, range.startAddress(), range.endAddress())
                : new Stepping(thread.tid(), pc, 0, 0);
    }

    /** Whether there is a breakpoint where the thread's next instruction leads: to continue it alone is to step it. */
    private boolean stopsAfterOne(int pid, Task task) {
        long pc = kernel.pc(task);
        byte[] bytes = readMemory(pid, pc, Integer.BYTES);
        int raw = 0;
        for (int i = 0; i < bytes.length; i++) {
            raw |= (bytes[i] & 0xFF) << Byte.SIZE * i;
        }
        long next = NextInstruction.addressAfter(pc, raw, number -> kernel.register(task, number));
        return inferiors.get(pid).breakpointAt(next, false) != null;
    }

    /**
     * A thread that was stopped for a signal and is not to go on keeps it: the kernel's step goes on without, and what raised the
     * signal will raise it again.
     */
    private void keepHeldSignal(Map<ThreadId, ThreadAction> actions) {
        ThreadId thread = conditions.heldThread();
        if (thread == null || actions.containsKey(thread) || find(thread) == null) {
            return;
        }
        SignalInfo held = conditions.heldSignalOf(thread);
        history.intervene(new RecordedInput.SignalDecision(thread.tid(), ThreadAction.NO_SIGNAL));
        if (!SignalRecord.isFault(held)) {
            history.intervene(new RecordedInput.SentSignal(thread.tid(), held.signal()));
        }
    }

    @Override
    public void reverseStep(ThreadId thread) {
        stopped = thread;
        motion = Motion.BACK_ONE_STEP;
    }

    @Override
    public void reverseContinue(ThreadId thread) {
        stopped = thread;
        motion = Motion.BACK_TO_POINT;
    }

    private RunStop goBackToPoint() {
        points.apply(history, inferiors.values(), false);
        MachinePosition now = history.position();
        PointSearch search = new PointSearch(machine(), kernel, inferiors, now, isWanted);
        GuestHistory.SearchResult result = history.goBackToLast(search);
        conditions.forgetStop();
        if (result == GuestHistory.SearchResult.FOUND) {
            conditions.report(search.report());
        } else {
            reportBeginning(result, search.earliest());
        }
        return RunStop.DEBUGGER;
    }

    private RunStop goBackOneStep() {
        Task task = require(stopped);
        StepSearch search = new StepSearch(machine(), kernel, stopped.tid(), kernel.pc(task), isWanted);
        GuestHistory.SearchResult result = history.goBackToLast(search);
        conditions.forgetStop();
        if (result == GuestHistory.SearchResult.FOUND) {
            conditions.report(new StopReport.ThreadStopped(stopped, TRAP_SIGNAL, new StopReport.Reason.Plain()));
        } else {
            reportBeginning(result, null);
        }
        return RunStop.DEBUGGER;
    }

    /** @param limit before which an attached process was not there; null where the run has begun there */
    private void reportBeginning(GuestHistory.SearchResult result, MachinePosition limit) {
        ThreadId thread = someThread();
        if (limit != null) {
            messages.accept(
                    "this is where the last attached process was made; 'detach inferiors' lets the run go back further\n");
        }
        boolean wasInterrupted = result == GuestHistory.SearchResult.INTERRUPTED;
        conditions.report(new StopReport.ThreadStopped(
                thread,
                wasInterrupted ? Signal.SIGINT.number() : TRAP_SIGNAL,
                wasInterrupted ? new StopReport.Reason.Plain() : new StopReport.Reason.HistoryBegins()));
    }

    @Override
    public boolean restart(List<String> arguments) {
        if (!guest.startAgain(arguments)) {
            return false;
        }
        inferiors.clear();
        begin();
        return attach(processes().get(0));
    }
}
