package dev.pagewalk.devices.testing;

import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a device asks of the harts, such as {@code raise SOFTWARE hart 3 at 1600}. */
public final class RecordingInterruptPort implements InterruptPort {
    private final List<String> calls = new ArrayList<>();

    @Override
    public void raise(int hartId, InterruptLine line, long arrivalCycle) {
        calls.add("raise " + line + " hart " + hartId + " at " + arrivalCycle);
    }

    @Override
    public void clear(int hartId, InterruptLine line) {
        calls.add("clear " + line + " hart " + hartId);
    }

    /** The calls since the last time this was asked. */
    public List<String> takeCalls() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }
}
