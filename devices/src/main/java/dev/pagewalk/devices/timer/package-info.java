/**
 * The machine's clock and the alarms that harts set on it: {@link dev.pagewalk.devices.timer.TimerDevice}.
 *
 * <p>Next stop of an alarm: {@code dev.pagewalk.emulator.trap.InterruptPort}, through which it arrives at its hart.
 */
package dev.pagewalk.devices.timer;
