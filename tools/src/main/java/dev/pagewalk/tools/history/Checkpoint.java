package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.MachineSnapshot;

/**
 * A run as it was at one position.
 *
 * @param snapshot the machine
 * @param inputsHad how many inputs had come
 * @param sent by output, how much had been sent
 * @param bytes host memory that it takes for itself, about
 */
record Checkpoint(MachinePosition position, MachineSnapshot snapshot, int inputsHad, long[] sent, long bytes) {}
