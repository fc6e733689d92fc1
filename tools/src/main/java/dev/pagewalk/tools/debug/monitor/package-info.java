/**
 * The {@code monitor} commands of the debugger: text in, text out, and nothing in the machine changes. {@link
 * dev.pagewalk.tools.debug.monitor.MonitorCommands} finds the command; each is a class of its own.
 *
 * <p>Beside the path of a load: {@code walk} shows it for one address.
 */
package dev.pagewalk.tools.debug.monitor;
