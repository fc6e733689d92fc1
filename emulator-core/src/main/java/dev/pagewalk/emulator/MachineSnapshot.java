package dev.pagewalk.emulator;

import dev.pagewalk.mmu.memory.MemorySnapshot;

/**
 * A machine's whole state at an instruction boundary: two machines in the same state have equal {@code state} bytes.
 *
 * @param config of the machine it was taken of
 * @param state everything but RAM
 * @param memory RAM
 */
public record MachineSnapshot(MachineConfig config, byte[] state, MemorySnapshot memory) {}
