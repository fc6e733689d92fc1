package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.debug.AccessStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.KernelDebugging;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.history.PastSearch;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/** Searches the past for the last time that a thread of an attached process came to a point. */
final class PointSearch implements PastSearch {
    private final Machine machine;
    private final KernelDebugging kernel;
    private final BooleanSupplier givesUp;
    private final SortedMap<Integer, Inferior> inferiors;
    private final MachinePosition end;
    private MachinePosition found;
    private MachinePosition earliest;
    private StopReport report;

    /** What is to be told of the next boundary; null for nothing. */
    private StopReport accessed;

    /** @param end where the search begins: a breakpoint there does not count, but an access by the instruction before does */
    PointSearch(
            Machine machine,
            KernelDebugging kernel,
            SortedMap<Integer, Inferior> inferiors,
            MachinePosition end,
            BooleanSupplier givesUp) {
        this.machine = machine;
        this.kernel = kernel;
        this.givesUp = givesUp;
        this.inferiors = inferiors;
        this.end = end;
    }

    @Override
    public boolean breaksAt(Hart hart) {
        Task task = kernel.taskOn(hart);
        Inferior inferior = inferiors.get(task.process().pid());
        DebugPoint point = inferior == null ? null : inferior.breakpointAt(hart.pc, false);
        if (point != null) {
            // Where the search begins the guest may have stopped for this breakpoint.
            noteBefore(end, reportOf(task, new StopReport.Reason.Breakpoint(point.kind())));
        }
        return false;
    }

    /** Going back, a debugger is told behind the instruction, before it goes back over that: as it is told before it going forward. */
    @Override
    public AccessStop stopForAccess(Hart hart, long address, int lengthBytes, AccessType type) {
        Task task = kernel.taskOn(hart);
        Inferior inferior = inferiors.get(task.process().pid());
        DebugPoint point = inferior == null ? null : inferior.watchpointFor(address, lengthBytes, type, false);
        if (point == null) {
            return AccessStop.NOT;
        }
        accessed = reportOf(task, new StopReport.Reason.Watchpoint(point.kind(), Math.max(address, point.address())));
        return AccessStop.BEHIND;
    }

    @Override
    public void executed(Hart hart, long instructions) {
        if (hart.trapCause() != null) {
            // It has not been accessed.
            accessed = null;
        }
    }

    @Override
    public boolean stopsHere() {
        if (accessed != null) {
            found = machine.position();
            report = accessed;
            accessed = null;
        }
        return false;
    }

    /** The kernel's step has written it when the position is noted. */
    @Override
    public void copied(AddressSpace space, long address, int lengthBytes, AccessType type) {
        inferiors.forEach((pid, inferior) -> {
            DebugPoint point = inferior.watchpointFor(address, lengthBytes, type, false);
            Process process = kernel.process(pid);
            if (point != null && process != null && process.space() == space) {
                accessed = reportOf(
                        kernel.workerFor(process),
                        new StopReport.Reason.Watchpoint(point.kind(), Math.max(address, point.address())));
            }
        });
    }

    private static StopReport reportOf(Task task, StopReport.Reason reason) {
        return new StopReport.ThreadStopped(StopConditions.idOf(task), GuestDebugger.TRAP_SIGNAL, reason);
    }

    private void noteBefore(MachinePosition limit, StopReport stop) {
        MachinePosition position = machine.position();
        if (position.compareTo(limit) < 0) {
            found = position;
            report = stop;
        }
    }

    /** An attached process is made here: behind this, it is not there to be debugged. */
    @Override
    public void forked(Task parent, Process child, boolean waits) {
        if (inferiors.containsKey(child.pid())) {
            found = null;
            earliest = machine.position();
        }
    }

    @Override
    public boolean givesUp() {
        return givesUp.getAsBoolean();
    }

    @Override
    public MachinePosition found() {
        return found;
    }

    @Override
    public MachinePosition earliest() {
        return earliest;
    }

    /** What to tell of {@link #found}. */
    StopReport report() {
        return report;
    }
}
