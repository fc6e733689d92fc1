package dev.pagewalk.mmu.memory;

/**
 * The emulator itself touched a physical address that is not RAM: a host bug, never a guest's fault.
 *
 * <p>Whoever acts for a guest asks {@link PhysicalMemory#contains} first and raises an access fault.
 */
public final class OutsideRamException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutsideRamException(long physicalAddress, long lengthBytes, PhysicalMemory memory) {
        super(String.format(
                "%d bytes at physical address 0x%x are not inside RAM, 0x%x to 0x%x",
                lengthBytes, physicalAddress, memory.baseAddress(), memory.endAddress() - 1));
    }
}
