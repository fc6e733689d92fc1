/**
 * Time: what everything costs ({@link dev.pagewalk.emulator.timing.TimingProfile}), what happens when ({@link
 * dev.pagewalk.emulator.timing.EventQueue}), and how far harts run apart ({@link
 * dev.pagewalk.emulator.timing.Interleaving}).
 *
 * <p>The machine loop asks the queue for its next cycle before every slice. A load's path passes here only as figures:
 * next stop {@code dev.pagewalk.emulator.hart}.
 */
package dev.pagewalk.emulator.timing;
