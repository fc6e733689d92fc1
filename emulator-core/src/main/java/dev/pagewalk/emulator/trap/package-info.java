/**
 * The ports between the machine and those above it: {@link dev.pagewalk.emulator.trap.TrapHandler} is the door to the kernel,
 * {@link dev.pagewalk.emulator.trap.InterruptPort} the devices' way to a hart, {@link
 * dev.pagewalk.emulator.trap.HartControl} the kernel's.
 *
 * <p>A load that faults ends its slice and waits until its hart's clock is the smallest. Next on its path: the kernel's
 * implementation of {@link dev.pagewalk.emulator.trap.TrapHandler#trap}, in the module kernel-mm; afterwards the load is
 * executed again.
 */
package dev.pagewalk.emulator.trap;
