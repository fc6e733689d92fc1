package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one client has agreed to, what it has selected, and whether the guest runs for it. */
final class Client {
    private final DebugTarget target;
    private final int packetSizeBytes;
    private final Set<String> features = new HashSet<>();

    private ThreadId general;
    private ThreadSelector continued = ThreadSelector.ANY_THREAD;
    private StopReport lastStop;
    private boolean catchesSystemCalls;
    private boolean running;

    /** Whether it stays when the guest has ended, and may start it again. */
    private boolean extended;

    private Map<ThreadId, ThreadAction> actions = Map.of();
    private Set<ThreadId> standing = Set.of();

    Client(DebugTarget target, int packetSizeBytes) {
        this.target = target;
        this.packetSizeBytes = packetSizeBytes;
    }

    int packetSizeBytes() {
        return packetSizeBytes;
    }

    boolean isExtended() {
        return extended;
    }

    void extend() {
        extended = true;
    }

    void agree(String feature) {
        features.add(feature);
    }

    boolean knows(String feature) {
        return features.contains(feature);
    }

    void catchSystemCalls() {
        catchesSystemCalls = true;
    }

    /** Whether it has asked for stops at system calls and so understands them. */
    boolean catchesSystemCalls() {
        return catchesSystemCalls;
    }

    boolean knowsProcesses() {
        return knows("multiprocess");
    }

    /** A thread's name in packets. */
    String nameOf(ThreadId thread) {
        return knowsProcesses() ? "p%x.%x".formatted(thread.pid(), thread.tid()) : Integer.toHexString(thread.tid());
    }

    /** The thread that registers and memory are asked of. */
    ThreadId selected() {
        return lookUpSelected().orElseThrow(() -> new PacketException(PacketError.NO_SUCH_THREAD));
    }

    boolean hasSelected() {
        return lookUpSelected().isPresent();
    }

    /** When the selected thread has ended, it is another of its process, never of another process. */
    private Optional<ThreadId> lookUpSelected() {
        if (general == null) {
            return target.threads().stream().findFirst();
        }
        if (target.isAlive(general)) {
            return Optional.of(general);
        }
        return target.threads().stream()
                .filter(thread -> thread.pid() == general.pid())
                .findFirst();
    }

    boolean hasThreads() {
        return !target.threads().isEmpty();
    }

    void select(ThreadId thread) {
        general = thread;
    }

    void selectNone() {
        general = null;
        continued = ThreadSelector.ANY_THREAD;
    }

    /** What {@code c}, {@code s}, {@code bs} and {@code bc} are meant for. */
    ThreadSelector continued() {
        return continued;
    }

    void selectContinued(ThreadSelector threads) {
        continued = threads;
    }

    /** One of the attached threads that are meant: the selected one if it is, else the first. */
    ThreadId first(ThreadSelector meant) {
        List<ThreadId> threads = target.threads();
        if (general != null && meant.matches(general) && threads.contains(general)) {
            return general;
        }
        return threads.stream()
                .filter(meant::matches)
                .findFirst()
                .orElseThrow(() -> new PacketException(PacketError.NO_SUCH_THREAD));
    }

    /** One of the attached threads that are meant: the one whose stop the client has heard of last if it is, else as {@link #first}. */
    ThreadId lastStopped(ThreadSelector meant) {
        boolean isMeant = lastStop instanceof StopReport.ThreadStopped stop
                && meant.matches(stop.thread())
                && target.threads().contains(stop.thread());
        return isMeant ? ((StopReport.ThreadStopped) lastStop).thread() : first(meant);
    }

    boolean isRunning() {
        return running;
    }

    /** Whether the thread was told to run on, not to step. */
    boolean continues(ThreadId thread) {
        return actions.get(thread) instanceof ThreadAction.Continue;
    }

    Reply resume(Map<ThreadId, ThreadAction> newActions) {
        actions = newActions;
        standing = new HashSet<>(target.threads());
        standing.removeAll(newActions.keySet());
        running = true;
        target.resume(newActions);
        return Reply.NONE;
    }

    /** Goes on with what the threads were told, their signals being delivered; threads that are new run. */
    void resumeAgain() {
        Map<ThreadId, ThreadAction> rest = new LinkedHashMap<>();
        for (ThreadId thread : target.threads()) {
            if (!standing.contains(thread)) {
                rest.put(thread, withoutSignal(actions.get(thread)));
            }
        }
        actions = rest;
        target.resume(rest);
    }

    private static ThreadAction withoutSignal(ThreadAction action) {
        if (action instanceof ThreadAction.Step) {
            return new ThreadAction.Step(ThreadAction.NO_SIGNAL);
        }
        return action instanceof ThreadAction.StepInRange ? action : new ThreadAction.Continue(ThreadAction.NO_SIGNAL);
    }

    Reply reverse(Runnable going) {
        actions = Map.of();
        running = true;
        going.run();
        return Reply.NONE;
    }

    void stopped(StopReport report) {
        running = false;
        lastStop = report;
    }

    /** What comes is a fresh start or another process. */
    void forgetLastStop() {
        lastStop = null;
    }

    /** The last report, or null. */
    StopReport lastStop() {
        return lastStop;
    }
}
