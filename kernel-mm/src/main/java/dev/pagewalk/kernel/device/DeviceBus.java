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

    /** Whether a device answers there: for drivers of devices that not every machine has. */
    boolean hasDevice(long address, int sizeBytes) {
        return bus.deviceAt(address, sizeBytes) != null;
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

    /**
     * Writes a register as part of something that has a price of its own.
     *
     * @throws IllegalStateException as {@link #read}
     */
    void writePaid(long address, int sizeBytes, long value) {
        MemoryMappedDevice device = deviceAt(address, sizeBytes);
        device.write(address - device.baseAddress(), sizeBytes, value, meter.nowCycle());
    }

    /**
     * Reads device memory, such as pixels, with the widest aligned accesses.
     *
     * @param address physical; all of the range must be one device's
     * @throws IllegalStateException as {@link #read}
     */
    public void readBytes(long address, byte[] target, int offset, int length) {
        int done = 0;
        while (done < length) {
            int sizeBytes = accessBytes(address + done, length - done);
            long value = read(address + done, sizeBytes);
            for (int i = 0; i < sizeBytes; i++) {
                target[offset + done++] = (byte) (value >>> 8 * i);
            }
        }
    }

    /**
     * Writes device memory with the widest aligned accesses.
     *
     * @param address physical; all of the range must be one device's
     * @throws IllegalStateException as {@link #read}
     */
    public void writeBytes(long address, byte[] source, int offset, int length) {
        int done = 0;
        while (done < length) {
            int sizeBytes = accessBytes(address + done, length - done);
            long value = 0;
            for (int i = 0; i < sizeBytes; i++) {
                value |= (source[offset + done + i] & 0xFFL) << 8 * i;
            }
            write(address + done, sizeBytes, value);
            done += sizeBytes;
        }
    }

    /** The widest access that is aligned at an address and takes no more than so many bytes. */
    private static int accessBytes(long address, int remaining) {
        int sizeBytes = Long.BYTES;
        while ((address & sizeBytes - 1) != 0 || sizeBytes > remaining) {
            sizeBytes /= 2;
        }
        return sizeBytes;
    }

    private MemoryMappedDevice device(long address, int sizeBytes) {
        meter.charge(accessCycles);
        return deviceAt(address, sizeBytes);
    }

    private MemoryMappedDevice deviceAt(long address, int sizeBytes) {
        MemoryMappedDevice device = bus.deviceAt(address, sizeBytes);
        if (device == null) {
            throw new IllegalStateException(String.format("no device at 0x%x", address));
        }
        return device;
    }
}
