package dev.pagewalk.kernel.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;
import java.util.function.LongSupplier;

/** Registers by which harts interrupt each other, where the kernel expects the ACLINT's. */
final class TestSoftwareInterrupts implements MemoryMappedDevice {
    private final InterruptPort port;
    private final LongSupplier latencyCycles;

    TestSoftwareInterrupts(InterruptPort port, LongSupplier latencyCycles) {
        this.port = port;
        this.latencyCycles = latencyCycles;
    }

    @Override
    public String name() {
        return "mswi";
    }

    @Override
    public long baseAddress() {
        return 0x0200_0000L;
    }

    @Override
    public long lengthBytes() {
        return 0x4000;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        throw new AssertionError("the kernel only writes");
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        if (offset % 4 != 0 || sizeBytes != 4) {
            throw new AssertionError("a hart's register is one word");
        }
        int hartId = (int) (offset / 4);
        if (value == 0) {
            port.clear(hartId, InterruptLine.SOFTWARE);
        } else {
            port.raise(hartId, InterruptLine.SOFTWARE, nowCycle + latencyCycles.getAsLong());
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        // Interrupts under way are the machine's events.
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        // As above.
    }
}
