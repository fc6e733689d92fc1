package dev.pagewalk.emulator.bus;

import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What stands behind a physical address: RAM, a device, or nothing.
 *
 * <p>Engines read and write RAM without asking the bus; they come here for everything else, and to announce stores into
 * guarded frames. The kernel reaches devices here and nowhere else.
 */
public final class PhysicalBus {
    private final PhysicalMemory memory;
    private final StoreGuards guards;
    private final List<MemoryMappedDevice> devices = new ArrayList<>();
    private final List<StoreObserver> observers = new ArrayList<>();

    public PhysicalBus(PhysicalMemory memory, StoreGuards guards) {
        this.memory = memory;
        this.guards = guards;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    public StoreGuards guards() {
        return guards;
    }

    /** The devices in the order of their attachment. */
    public List<MemoryMappedDevice> devices() {
        return Collections.unmodifiableList(devices);
    }

    /**
     * Puts a device on the bus.
     *
     * @throws IllegalArgumentException where its range is not of whole pages, or overlaps RAM or another device
     */
    public void attach(MemoryMappedDevice device) {
        long start = device.baseAddress();
        long end = start + device.lengthBytes();
        if (((start | end) & 4095) != 0 || end <= start) {
            throw new IllegalArgumentException(device.name() + " must occupy whole pages");
        }
        if (start < memory.endAddress() && memory.baseAddress() < end) {
            throw new IllegalArgumentException(device.name() + " overlaps RAM");
        }
        for (MemoryMappedDevice other : devices) {
            if (start < other.baseAddress() + other.lengthBytes() && other.baseAddress() < end) {
                throw new IllegalArgumentException(device.name() + " overlaps " + other.name());
            }
        }
        devices.add(device);
    }

    /** The device that answers all of the range, or null where RAM or nothing does. */
    public MemoryMappedDevice deviceAt(long address, int sizeBytes) {
        for (MemoryMappedDevice device : devices) {
            long offset = address - device.baseAddress();
            if (offset >= 0 && offset <= device.lengthBytes() - sizeBytes) {
                return device;
            }
        }
        return null;
    }

    /** Registers an observer of stores into guarded frames; observers are told in the order of registration. */
    public void observeStores(StoreObserver observer) {
        observers.add(observer);
    }

    /**
     * Announces bytes about to be overwritten in RAM, by a guest store or by the kernel. Cheap where the frame is not
     * guarded. The range must not cross a frame.
     */
    public void announceStore(long address, int lengthBytes) {
        if (guards.guarded(address)) {
            for (StoreObserver observer : observers) {
                observer.onStore(address, lengthBytes);
            }
        }
    }
}
