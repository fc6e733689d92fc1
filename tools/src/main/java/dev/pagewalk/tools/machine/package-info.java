/**
 * The options that describe a machine, the same on command lines and in expectation files: {@link
 * dev.pagewalk.tools.machine.MachineOptions} reads them, and {@link dev.pagewalk.tools.MachineAssembly} builds what they
 * come to.
 */
package dev.pagewalk.tools.machine;
