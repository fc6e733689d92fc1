/**
 * How a machine is switched off from inside: {@link dev.pagewalk.devices.power.TestFinisher}.
 *
 * <p>Next stop: {@code dev.pagewalk.emulator.trap.PowerPort}, which ends {@code Machine.run}.
 */
package dev.pagewalk.devices.power;
