/**
 * Pagewalk as a tool: {@link dev.pagewalk.tools.MachineAssembly} wires a machine, {@link dev.pagewalk.tools.cli} is the
 * command line in front of it, {@link dev.pagewalk.tools.run} boots an image, {@link dev.pagewalk.tools.metrics} says what
 * it cost, {@link dev.pagewalk.tools.runner} compares it with expectations.
 *
 * <p>Before the path of a load begins. Next: {@link dev.pagewalk.emulator.Machine#run}.
 */
package dev.pagewalk.tools;
