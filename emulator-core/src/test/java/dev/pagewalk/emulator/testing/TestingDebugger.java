package dev.pagewalk.emulator.testing;

import dev.pagewalk.emulator.debug.AccessStop;
import dev.pagewalk.emulator.debug.DebugPort;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.access.AccessType;
import java.util.ArrayList;
import java.util.List;

/** Stops at every point, once each time that it is come to. */
public final class TestingDebugger implements DebugPort {
    /** Why it has stopped, since it was asked last. */
    public final List<String> reasons = new ArrayList<>();

    private boolean stops;
    private int passedHart = -1;
    private long passedRetired = -1;
    private AccessStop answer = AccessStop.BEFORE;
    private long budget = Long.MAX_VALUE;

    /** @param newAnswer to accesses that are watched */
    public void answerAccesses(AccessStop newAnswer) {
        answer = newAnswer;
    }

    public void allow(long instructions) {
        budget = instructions;
    }

    /** The machine has stopped and will go on. */
    public void resume() {
        stops = false;
        reasons.clear();
    }

    private boolean passes(Hart hart) {
        return hart.id() == passedHart && hart.retired == passedRetired;
    }

    private void stop(Hart hart, String reason) {
        stops = true;
        passedHart = hart.id();
        passedRetired = hart.retired;
        reasons.add("%s by hart %d at %x, cycle %d".formatted(reason, hart.id(), hart.pc, hart.cycle));
    }

    @Override
    public boolean stopsHere() {
        return stops;
    }

    @Override
    public boolean stopsBefore(Hart hart) {
        return false;
    }

    @Override
    public long instructionBudget(Hart hart) {
        return budget;
    }

    @Override
    public void executed(Hart hart, long instructions) {
        // It only stops at points.
    }

    @Override
    public boolean breaksAt(Hart hart) {
        if (passes(hart)) {
            return false;
        }
        stop(hart, "breakpoint");
        return true;
    }

    @Override
    public AccessStop stopForAccess(Hart hart, long address, int lengthBytes, AccessType type) {
        if (passes(hart)) {
            return AccessStop.NOT;
        }
        stop(hart, "%s of %d bytes at %x".formatted(type, lengthBytes, address));
        return answer;
    }
}
