/**
 * What lets a debugger stop guests without their noticing: {@link dev.pagewalk.emulator.debug.DebugPort} is asked by the machine's loop,
 * {@link dev.pagewalk.emulator.debug.DebugPoints} by the engines. Nothing here is state of the machine.
 */
package dev.pagewalk.emulator.debug;
