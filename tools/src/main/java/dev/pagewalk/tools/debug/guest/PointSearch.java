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
    private final PointHits hits;
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
        this.hits = new PointHits(kernel, inferiors);
        this.end = end;
    }

    @Override
    public boolean breaksAt(Hart hart) {
        StopReport hit = hits.breakpoint(kernel.taskOn(hart), hart.pc, false);
        // Where the search begins the guest may have stopped for this breakpoint.
        if (hit != null && machine.position().compareTo(end) < 0) {
            note(hit);
        }
        return false;
    }

    /** Going back, a debugger is told behind the instruction, before it goes back over that: as it is told before it going forward. */
    @Override
    public AccessStop stopForAccess(Hart hart, long address, int lengthBytes, AccessType type) {
        StopReport hit = hits.access(kernel.taskOn(hart), address, lengthBytes, type, false);
        if (hit == null) {
            return AccessStop.NOT;
        }
        accessed = hit;
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
            note(accessed);
            accessed = null;
        }
        return false;
    }

    /** The kernel's step has written it when the position is noted. */
    @Override
    public void copied(AddressSpace space, long address, int lengthBytes, AccessType type) {
        StopReport hit = hits.copy(space, address, lengthBytes, type);
        if (hit != null) {
            accessed = hit;
        }
    }

    private void note(StopReport stop) {
        found = machine.position();
        report = stop;
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
