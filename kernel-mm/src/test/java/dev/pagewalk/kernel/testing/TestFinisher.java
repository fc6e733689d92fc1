package dev.pagewalk.kernel.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.PowerPort;

/** The finisher: 0x5555 ends the machine with 0, 0x3333 with the status in the upper half. */
final class TestFinisher implements MemoryMappedDevice {
    private final PowerPort power;

    TestFinisher(PowerPort power) {
        this.power = power;
    }

    @Override
    public String name() {
        return "test-finisher";
    }

    @Override
    public long baseAddress() {
        return 0x0010_0000L;
    }

    @Override
    public long lengthBytes() {
        return 4096;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        return 0;
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        int command = (int) value & 0xFFFF;
        if (offset == 0 && command == 0x5555) {
            power.powerOff(0);
        } else if (offset == 0 && command == 0x3333) {
            power.powerOff((int) (value >>> 16) & 0xFFFF);
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        // Stateless.
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        // Stateless.
    }
}
