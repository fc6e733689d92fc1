/**
 * One emulated core: registers, clock, phase and pending interrupts, and what harts share beyond RAM, the reservations of LR
 * and SC.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.emulator.engine}, which executes the hart until its deadline.
 */
package dev.pagewalk.emulator.hart;
