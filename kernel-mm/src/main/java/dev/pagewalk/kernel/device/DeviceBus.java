package dev.pagewalk.kernel.device;

import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.kernel.cost.CostMeter;

/** How the kernel's drivers reach device registers: through the bus, at a price. */
public final class DeviceBus {
    private final PhysicalBus bus;
    private final CostMeter meter;
    private final int accessCycles;

    /** @param accessCycles what one register access costs */
    public DeviceBus(PhysicalBus bus, CostMeter meter, int accessCycles) {
        this.bus = bus;
        this.meter = meter;
        this.accessCycles = accessCycles;
    }

    /**
     * Reads a register.
     *
     * @throws IllegalStateException where no device is there: the machine was wired without it
     */
    long read(long address, int sizeBytes) {
        MemoryMappedDevice device = device(address, sizeBytes);
        return device.read(address - device.baseAddress(), sizeBytes, meter.nowCycle());
    }

    /**
     * Writes a register.
     *
     * @throws IllegalStateException as {@link #read}
     */
    void write(long address, int sizeBytes, long value) {
        MemoryMappedDevice device = device(address, sizeBytes);
        device.write(address - device.baseAddress(), sizeBytes, value, meter.nowCycle());
    }

    private MemoryMappedDevice device(long address, int sizeBytes) {
        meter.charge(accessCycles);
        MemoryMappedDevice device = bus.deviceAt(address, sizeBytes);
        if (device == null) {
            throw new IllegalStateException(String.format("no device at 0x%x", address));
        }
        return device;
    }
}
