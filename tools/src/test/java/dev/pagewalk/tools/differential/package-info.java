/**
 * Random programs, here and under QEMU's user mode: whatever they leave in registers and memory must be the same.
 *
 * <p>{@link dev.pagewalk.tools.differential.RandomProgram} invents a program from a seed; {@link
 * dev.pagewalk.tools.differential.BatchSource} writes many into one guest; each {@link
 * dev.pagewalk.tools.differential.Computer} runs it; {@link dev.pagewalk.tools.differential.Minimiser} makes small what
 * differs.
 */
package dev.pagewalk.tools.differential;
