/**
 * GDB's remote protocol as meanings: {@link dev.pagewalk.tools.debug.packet.DebugSession} takes a client's packets, calls a
 * {@link dev.pagewalk.tools.debug.target.DebugTarget} and answers.
 *
 * <p>One class per family of packets, all in one table of names. Everything runs on the machine's thread. Source: the GDB
 * manual, appendix "GDB Remote Serial Protocol".
 *
 * <p>Aside from the path of a load. Next: {@link dev.pagewalk.tools.debug.target.DebugTarget}, whose one implementation
 * asks the machine and the kernel.
 */
package dev.pagewalk.tools.debug.packet;
