/**
 * The port through which the machine and the kernel tell a {@link dev.pagewalk.emulator.trace.TraceSink} when they did what.
 * Nothing that a guest or a statistic can see depends on it.
 *
 * <p>Beside the path of a load: its page walk is a span here.
 */
package dev.pagewalk.emulator.trace;
