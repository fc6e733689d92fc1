package dev.pagewalk.kernel.debug;

import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.access.AccessType;

/** Stands in the kernel where a debugger may come and go. */
public final class DebugHook implements DebugEvents {
    /** Null where there is none. */
    private DebugEvents debugger;

    /** @param events null for none */
    public void connect(DebugEvents events) {
        debugger = events;
    }

    @Override
    public boolean holdsSignal(Task task, SignalInfo info) {
        return debugger != null && debugger.holdsSignal(task, info);
    }

    /** Where the debugger has gone, what was held is delivered. */
    @Override
    public int decideSignal(Task task, SignalInfo info) {
        return debugger == null ? info.signal() : debugger.decideSignal(task, info);
    }

    @Override
    public void forked(Task parent, Process child, boolean waits) {
        if (debugger != null) {
            debugger.forked(parent, child, waits);
        }
    }

    @Override
    public void vforkDone(Task parent) {
        if (debugger != null) {
            debugger.vforkDone(parent);
        }
    }

    @Override
    public void enteredProgram(Task task) {
        if (debugger != null) {
            debugger.enteredProgram(task);
        }
    }

    @Override
    public void processEnds(Process process, int status) {
        if (debugger != null) {
            debugger.processEnds(process, status);
        }
    }

    @Override
    public void copied(AddressSpace space, long address, int lengthBytes, AccessType access) {
        if (debugger != null) {
            debugger.copied(space, address, lengthBytes, access);
        }
    }
}
