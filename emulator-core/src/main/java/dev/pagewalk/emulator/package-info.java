/**
 * The machine: {@link dev.pagewalk.emulator.Machine} builds harts, RAM, bus and clock and runs them slice by slice, {@code
 * KernelTurns} lets the cycles of kernel work pass, {@link dev.pagewalk.emulator.MachineSnapshot} holds all of it as data.
 *
 * <p>The path of a load begins here, in {@link dev.pagewalk.emulator.Machine#run}: the hart with the smallest clock gets a
 * deadline. Next: {@link dev.pagewalk.emulator.hart}.
 */
package dev.pagewalk.emulator;
