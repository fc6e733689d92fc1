package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.debug.AccessStop;
import dev.pagewalk.emulator.debug.DebugPort;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.debug.DebugEvents;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.access.AccessType;

/** Sees a guest run and says where it is to stop. It wants nothing of its own accord: whoever does overrides what that takes. */
public interface StopWatcher extends DebugPort, DebugEvents {
    /** Sees nothing. */
    StopWatcher NOBODY = new StopWatcher() {};

    @Override
    default boolean stopsHere() {
        return false;
    }

    @Override
    default boolean stopsBefore(Hart hart) {
        return false;
    }

    @Override
    default long instructionBudget(Hart hart) {
        return Long.MAX_VALUE;
    }

    @Override
    default void executed(Hart hart, long instructions) {}

    @Override
    default boolean breaksAt(Hart hart) {
        return false;
    }

    @Override
    default AccessStop stopForAccess(Hart hart, long address, int lengthBytes, AccessType type) {
        return AccessStop.NOT;
    }

    @Override
    default boolean holdsSignal(Task task, SignalInfo info) {
        return false;
    }

    @Override
    default int decideSignal(Task task, SignalInfo info) {
        return info.signal();
    }

    @Override
    default void forked(Task parent, Process child, boolean waits) {}

    @Override
    default void vforkDone(Task parent) {}

    @Override
    default void enteredProgram(Task task) {}

    @Override
    default void processEnds(Process process, int status) {}

    @Override
    default void copied(AddressSpace space, long address, int lengthBytes, AccessType access) {}
}
