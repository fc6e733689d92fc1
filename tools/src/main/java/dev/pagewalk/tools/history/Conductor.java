package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.debug.AccessStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.tools.MachineAssembly;
import java.util.HashMap;
import java.util.Map;

/**
 * Stops the machine exactly where an input is to come or where the run is to be taken, and has somebody else watch it meanwhile.
 */
final class Conductor implements StopWatcher {
    private final Machine machine;
    private final Kernel kernel;
    private final InputTimeline inputs;

    StopWatcher watcher = StopWatcher.NOBODY;

    /** Where the run is to be taken; null where it goes on by itself. */
    MachinePosition target;

    /** It is to stop on the way at the first boundary with so many instructions retired. */
    long milestone = Long.MAX_VALUE;

    /** Whether to stop before calls that read the console, because its input may not be there yet. */
    boolean watchesConsole;

    /** How many bytes the call wants before which the machine stands; 0 for none. */
    int wantedBytes;

    /** Signals to be delivered in the place of those that are held, by tid. */
    final Map<Integer, Integer> decisions = new HashMap<>();

    Conductor(MachineAssembly assembly, InputTimeline inputs) {
        this.machine = assembly.machine();
        this.kernel = assembly.kernel();
        this.inputs = inputs;
    }

    /** Whether the next input is to come here. */
    boolean isDue() {
        return inputs.next() != null && isAt(inputs.next().position());
    }

    boolean isAtTarget() {
        return target != null && isAt(target);
    }

    private boolean isAt(MachinePosition position) {
        if (machine.turn() < position.turn()) {
            return false;
        }
        int order = machine.position().compareTo(position);
        if (order > 0) {
            throw new HistoryException("the run does not come to " + position + " but to " + machine.position()
                    + "; is the log of another image, or of other options?");
        }
        return order == 0;
    }

    @Override
    public boolean stopsHere() {
        boolean isWatcherStopping = watcher.stopsHere();
        boolean isMilestone = milestone != Long.MAX_VALUE && machine.position().retired() >= milestone;
        return isAtTarget() || isDue() || isWatcherStopping || isMilestone || wantedBytes > 0;
    }

    @Override
    public boolean stopsBefore(Hart hart) {
        return watcher.stopsBefore(hart);
    }

    @Override
    public long instructionBudget(Hart hart) {
        long budget = watcher.instructionBudget(hart);
        if (inputs.next() != null) {
            budget = Math.min(budget, instructionsTo(inputs.next().position()));
        }
        if (target != null) {
            long toMilestone = milestone - machine.position().retired();
            budget = Math.min(budget, Math.min(instructionsTo(target), Math.max(1, toMilestone)));
        }
        return budget;
    }

    private long instructionsTo(MachinePosition position) {
        return machine.turn() < position.turn()
                ? Long.MAX_VALUE
                : Math.max(1, position.retired() - machine.position().retired());
    }

    @Override
    public void executed(Hart hart, long instructions) {
        if (watchesConsole && hart.trapCause() == TrapCause.SYSTEM_CALL) {
            wantedBytes = kernel.consoleBytesWanted(hart.id());
        }
        watcher.executed(hart, instructions);
    }

    @Override
    public boolean breaksAt(Hart hart) {
        return watcher.breaksAt(hart);
    }

    @Override
    public AccessStop stopForAccess(Hart hart, long address, int lengthBytes, AccessType type) {
        return watcher.stopForAccess(hart, address, lengthBytes, type);
    }

    @Override
    public boolean holdsSignal(Task task, SignalInfo info) {
        return watcher.holdsSignal(task, info) || holdsFor(target) || holdsForInput();
    }

    private boolean holdsForInput() {
        return inputs.next() != null && holdsFor(inputs.next().position());
    }

    /** Whether a position is where this step is held once more. */
    private boolean holdsFor(MachinePosition position) {
        return position != null
                && position.turn() == machine.turn()
                && position.holds() > machine.position().holds();
    }

    @Override
    public int decideSignal(Task task, SignalInfo info) {
        Integer decided = decisions.remove(task.tid());
        return decided == null ? info.signal() : decided;
    }

    @Override
    public void forked(Task parent, Process child, boolean waits) {
        watcher.forked(parent, child, waits);
    }

    @Override
    public void vforkDone(Task parent) {
        watcher.vforkDone(parent);
    }

    @Override
    public void enteredProgram(Task task) {
        watcher.enteredProgram(task);
    }

    @Override
    public void processEnds(Process process, int status) {
        watcher.processEnds(process, status);
    }

    @Override
    public void copied(AddressSpace space, long address, int lengthBytes, AccessType access) {
        watcher.copied(space, address, lengthBytes, access);
    }
}
