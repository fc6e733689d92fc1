/**
 * Time: what everything costs ({@link dev.pagewalk.emulator.timing.TimingProfile}) and what happens when
 * ({@link dev.pagewalk.emulator.timing.EventQueue}).
 *
 * <p>The machine loop asks the queue for its next cycle before every slice. A load's path passes here only as figures:
 * next stop {@code dev.pagewalk.emulator.hart}.
 */
package dev.pagewalk.emulator.timing;
