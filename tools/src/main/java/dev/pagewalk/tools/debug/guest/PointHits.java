package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.kernel.KernelDebugging;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import java.util.Map;
import java.util.SortedMap;

/** Which point a thread of an attached process has come to, forward or back, and what to tell of it. */
final class PointHits {
    private final KernelDebugging kernel;
    private final SortedMap<Integer, Inferior> inferiors;

    PointHits(KernelDebugging kernel, SortedMap<Integer, Inferior> inferiors) {
        this.kernel = kernel;
        this.inferiors = inferiors;
    }

    /**
     * A task is about to execute an instruction.
     *
     * @param withRemoved whether points count that were removed since the guest last stood still
     * @return null where no breakpoint is there
     */
    StopReport breakpoint(Task task, long pc, boolean withRemoved) {
        Inferior inferior = inferiors.get(task.process().pid());
        DebugPoint point = inferior == null ? null : inferior.breakpointAt(pc, withRemoved);
        return point == null ? null : stop(task, new Reason.Breakpoint(point.kind()));
    }

    /**
     * A task is about to access memory.
     *
     * @param withRemoved as above
     * @return null where nobody watches that
     */
    StopReport access(Task task, long address, int lengthBytes, AccessType type, boolean withRemoved) {
        Inferior inferior = inferiors.get(task.process().pid());
        DebugPoint point = inferior == null ? null : inferior.watchpointFor(address, lengthBytes, type, withRemoved);
        return point == null ? null : stop(task, watched(point, address));
    }

    /** The kernel has copied from or to the memory of a space; null where nobody watches that. */
    StopReport copy(AddressSpace space, long address, int lengthBytes, AccessType type) {
        for (Map.Entry<Integer, Inferior> entry : inferiors.entrySet()) {
            DebugPoint point = entry.getValue().watchpointFor(address, lengthBytes, type, false);
            Process process = point == null ? null : kernel.process(entry.getKey());
            if (process != null && process.space() == space) {
                return stop(kernel.workerFor(process), watched(point, address));
            }
        }
        return null;
    }

    private static Reason watched(DebugPoint point, long address) {
        return new Reason.Watchpoint(point.kind(), Math.max(address, point.address()));
    }

    private static StopReport stop(Task task, Reason reason) {
        return new StopReport.ThreadStopped(StopConditions.idOf(task), GuestDebugger.TRAP_SIGNAL, reason);
    }
}
