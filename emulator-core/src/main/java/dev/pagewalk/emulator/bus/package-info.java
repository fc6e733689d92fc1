/**
 * What stands behind a physical address, RAM or a device, and who hears of stores into guarded frames.
 *
 * <p>A load that has been translated ends here: in RAM, which {@link dev.pagewalk.mmu.memory} holds, or in {@link
 * dev.pagewalk.emulator.bus.MemoryMappedDevice#read}. Where nothing answers, it faults. Next: {@link
 * dev.pagewalk.emulator.trap}.
 */
package dev.pagewalk.emulator.bus;
