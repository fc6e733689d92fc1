/**
 * Holds the engines together: random programs run on two machines that differ in nothing but their engine, and every part of their
 * states is compared wherever they stop.
 *
 * <p>{@link dev.pagewalk.emulator.engine.differential.RandomProgram} invents programs, {@link
 * dev.pagewalk.emulator.engine.differential.FuzzGuest} is the machine and the kernel that they run under, {@link
 * dev.pagewalk.emulator.engine.differential.Comparison} runs two of them side by side.
 */
package dev.pagewalk.emulator.engine.differential;
