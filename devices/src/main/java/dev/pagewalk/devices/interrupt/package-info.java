/**
 * How harts interrupt each other: the store with which a shootdown's initiator reaches the other harts ends in
 * {@link dev.pagewalk.devices.interrupt.SoftwareInterruptController}.
 *
 * <p>Next stop: {@code dev.pagewalk.emulator.trap.InterruptPort}, through which it arrives at the target.
 */
package dev.pagewalk.devices.interrupt;
