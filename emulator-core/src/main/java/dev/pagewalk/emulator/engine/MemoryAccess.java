package dev.pagewalk.emulator.engine;

import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;

/**
 * The slow twin of the engines' inlined loads and stores: one hart's data accesses that miss the L0 filter, are
 * misaligned, cross a page, reach a device, or fault.
 *
 * <p>Every method counts its TLB accesses, adds to the hart's clock what the access costs beyond its instruction's
 * class, and records a trap on the hart where the access faults; then nothing has been written.
 *
 * <p>Next stop on the path of a load: {@link Mmu#translate}.
 */
public final class MemoryAccess {
    private static final long OFFSET_MASK = 4095;

    private final Hart hart;
    private final Mmu mmu;
    private final PhysicalBus bus;
    private final PhysicalMemory memory;
    private final Reservations reservations;
    private final int misalignedCycles;
    private final int deviceAccessCycles;

    public MemoryAccess(Hart hart, PhysicalBus bus, Reservations reservations, TimingProfile profile) {
        this.hart = hart;
        this.mmu = hart.mmu();
        this.bus = bus;
        this.memory = bus.memory();
        this.reservations = reservations;
        this.misalignedCycles = profile.instructions().misalignedCycles();
        this.deviceAccessCycles = profile.instructions().deviceAccessCycles();
    }

    /**
     * Loads from a virtual address.
     *
     * @param sizeBytes 1, 2, 4 or 8
     * @return the value, zero-extended; meaningless where the hart has trapped
     */
    public long load(long va, int sizeBytes) {
        boolean aligned = (va & sizeBytes - 1) == 0;
        if (!aligned) {
            hart.cycle += misalignedCycles;
            if (crossesPage(va, sizeBytes)) {
                return loadAcrossPages(va, sizeBytes);
            }
        }
        long address = translate(va, AccessType.LOAD);
        return address < 0 ? 0 : loadPhysical(va, address, sizeBytes);
    }

    /**
     * Stores to a virtual address.
     *
     * @param sizeBytes 1, 2, 4 or 8
     * @param value its low {@code sizeBytes} bytes count
     */
    public void store(long va, int sizeBytes, long value) {
        boolean aligned = (va & sizeBytes - 1) == 0;
        if (!aligned) {
            hart.cycle += misalignedCycles;
            if (crossesPage(va, sizeBytes)) {
                storeAcrossPages(va, sizeBytes, value);
                return;
            }
        }
        long address = translate(va, AccessType.STORE);
        if (address >= 0) {
            storePhysical(va, address, sizeBytes, value);
        }
    }

    /** LR: loads an aligned word or doubleword and reserves its line. */
    public long loadReserved(long va, int sizeBytes) {
        if (misalignedAtomic(va, sizeBytes, TrapCause.LOAD_MISALIGNED)) {
            return 0;
        }
        long address = translate(va, AccessType.LOAD);
        if (address < 0 || notRam(va, address, sizeBytes, AccessType.LOAD)) {
            return 0;
        }
        reservations.reserve(hart.id(), address);
        return readRam(address, sizeBytes);
    }

    /** SC: stores where the reservation still holds, and gives it up either way. Returns 0 on success, else 1. */
    public long storeConditional(long va, int sizeBytes, long value) {
        if (misalignedAtomic(va, sizeBytes, TrapCause.STORE_MISALIGNED)) {
            return 0;
        }
        long address = translate(va, AccessType.STORE);
        if (address < 0 || notRam(va, address, sizeBytes, AccessType.STORE)) {
            return 0;
        }
        boolean holds = reservations.holds(hart.id(), address);
        if (holds) {
            writeRam(address, sizeBytes, value);
        }
        reservations.release(hart.id());
        return holds ? 0 : 1;
    }

    /**
     * The physical address of an atomic's operand, readable and writable RAM, or -1 where the hart has trapped: the
     * first half of an AMO.
     */
    public long atomicAddress(long va, int sizeBytes) {
        if (misalignedAtomic(va, sizeBytes, TrapCause.STORE_MISALIGNED)) {
            return -1;
        }
        long address = translate(va, AccessType.STORE);
        return address < 0 || notRam(va, address, sizeBytes, AccessType.STORE) ? -1 : address;
    }

    /** Reads aligned RAM at a physical address, zero-extended. */
    public long readRam(long address, int sizeBytes) {
        return switch (sizeBytes) {
            case 1 -> memory.readByte(address);
            case 2 -> memory.readShort(address);
            case 4 -> memory.readInt(address) & 0xFFFFFFFFL;
            default -> memory.readLong(address);
        };
    }

    /** Writes RAM at a physical address within one frame, announcing it where the frame is guarded. */
    public void writeRam(long address, int sizeBytes, long value) {
        bus.announceStore(address, sizeBytes);
        switch (sizeBytes) {
            case 1 -> memory.writeByte(address, (int) value);
            case 2 -> memory.writeShort(address, (int) value);
            case 4 -> memory.writeInt(address, (int) value);
            default -> memory.writeLong(address, value);
        }
    }

    /** One counted translation: the physical address, or -1 where the hart has trapped. */
    private long translate(long va, AccessType access) {
        mmu.dataAccesses++;
        long address = mmu.translate(va, access);
        hart.cycle += mmu.takeExtraCycles();
        if (address < 0) {
            hart.trap(TrapCause.of(mmu.fault(), access), va);
        }
        return address;
    }

    private long loadPhysical(long va, long address, int sizeBytes) {
        if (memory.contains(address, sizeBytes)) {
            return readRam(address, sizeBytes);
        }
        MemoryMappedDevice device = device(va, address, sizeBytes, AccessType.LOAD);
        if (device == null) {
            return 0;
        }
        return device.read(address - device.baseAddress(), sizeBytes, hart.cycle);
    }

    private void storePhysical(long va, long address, int sizeBytes, long value) {
        if (memory.contains(address, sizeBytes)) {
            writeRam(address, sizeBytes, value);
            return;
        }
        MemoryMappedDevice device = device(va, address, sizeBytes, AccessType.STORE);
        if (device != null) {
            device.write(address - device.baseAddress(), sizeBytes, value, hart.cycle);
        }
    }

    /** The device that answers an aligned access, charged; null, and a trap, where none does. */
    private MemoryMappedDevice device(long va, long address, int sizeBytes, AccessType access) {
        MemoryMappedDevice device = (address & sizeBytes - 1) == 0 ? bus.deviceAt(address, sizeBytes) : null;
        if (device == null) {
            hart.trap(TrapCause.accessFault(access), va);
        } else {
            hart.cycle += deviceAccessCycles;
        }
        return device;
    }

    /** A device never sees half of an access: both pages must be RAM. */
    private long loadAcrossPages(long va, int sizeBytes) {
        long secondPage = va + sizeBytes & ~OFFSET_MASK;
        int firstBytes = (int) (secondPage - va);
        long first = translate(va, AccessType.LOAD);
        long second = first < 0 ? -1 : translate(secondPage, AccessType.LOAD);
        if (second < 0
                || notRam(va, first, firstBytes, AccessType.LOAD)
                || notRam(secondPage, second, sizeBytes - firstBytes, AccessType.LOAD)) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < sizeBytes; i++) {
            value |= readRam(i < firstBytes ? first + i : second + i - firstBytes, 1) << 8 * i;
        }
        return value;
    }

    private void storeAcrossPages(long va, int sizeBytes, long value) {
        long secondPage = va + sizeBytes & ~OFFSET_MASK;
        int firstBytes = (int) (secondPage - va);
        long first = translate(va, AccessType.STORE);
        long second = first < 0 ? -1 : translate(secondPage, AccessType.STORE);
        if (second < 0
                || notRam(va, first, firstBytes, AccessType.STORE)
                || notRam(secondPage, second, sizeBytes - firstBytes, AccessType.STORE)) {
            return;
        }
        for (int i = 0; i < sizeBytes; i++) {
            writeRam(i < firstBytes ? first + i : second + i - firstBytes, 1, value >>> 8 * i);
        }
    }

    private boolean notRam(long va, long address, int sizeBytes, AccessType access) {
        if (memory.contains(address, sizeBytes)) {
            return false;
        }
        hart.trap(TrapCause.accessFault(access), va);
        return true;
    }

    private boolean misalignedAtomic(long va, int sizeBytes, TrapCause cause) {
        if ((va & sizeBytes - 1) == 0) {
            return false;
        }
        hart.trap(cause, va);
        return true;
    }

    private static boolean crossesPage(long va, int sizeBytes) {
        return (va & OFFSET_MASK) + sizeBytes > OFFSET_MASK + 1;
    }
}
