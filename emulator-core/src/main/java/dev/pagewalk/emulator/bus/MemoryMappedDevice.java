package dev.pagewalk.emulator.bus;

import dev.pagewalk.mmu.state.Snapshotable;

/**
 * A device that answers loads and stores in a range of physical addresses.
 *
 * <p>The bus calls it on the machine's thread only. No call may throw for anything a guest can do: an access that the
 * device does not know reads 0 and writes nothing.
 */
public interface MemoryMappedDevice extends Snapshotable {
    /** A short name for messages, such as {@code uart0}. */
    String name();

    /** The first physical address, a multiple of 4096. */
    long baseAddress();

    /** The range's length, a positive multiple of 4096. */
    long lengthBytes();

    /**
     * Reads a register; may have side effects.
     *
     * @param offset bytes from the base address
     * @param sizeBytes 1, 2, 4 or 8; the access is aligned
     * @param nowCycle the accessing hart's clock
     * @return the value, zero-extended
     */
    long read(long offset, int sizeBytes, long nowCycle);

    /**
     * Writes a register.
     *
     * @param offset bytes from the base address
     * @param sizeBytes 1, 2, 4 or 8; the access is aligned
     * @param value its low {@code sizeBytes} bytes count
     * @param nowCycle the accessing hart's clock
     */
    void write(long offset, int sizeBytes, long value, long nowCycle);
}
