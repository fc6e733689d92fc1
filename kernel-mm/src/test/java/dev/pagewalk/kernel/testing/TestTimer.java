package dev.pagewalk.kernel.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;

/** A timer with a tick per so many cycles, where the kernel expects the ACLINT's. */
final class TestTimer implements MemoryMappedDevice {
    private final InterruptPort port;
    private final int cyclesPerTimerTick;

    TestTimer(InterruptPort port, int cyclesPerTimerTick) {
        this.port = port;
        this.cyclesPerTimerTick = cyclesPerTimerTick;
    }

    @Override
    public String name() {
        return "timer";
    }

    @Override
    public long baseAddress() {
        return 0x0200_4000L;
    }

    @Override
    public long lengthBytes() {
        return 0x8000;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        throw new AssertionError("the kernel only sets alarms");
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        if (offset % 8 != 0 || sizeBytes != 8) {
            throw new AssertionError("a hart's comparison register is one doubleword");
        }
        int hartId = (int) (offset / 8);
        port.clear(hartId, InterruptLine.TIMER);
        if (value != -1) {
            port.raise(hartId, InterruptLine.TIMER, Math.max(nowCycle, value * cyclesPerTimerTick));
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        // Alarms under way are the machine's events.
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        // As above.
    }
}
