/**
 * The console: {@link dev.pagewalk.devices.console.Uart16550} faces the guest, {@link
 * dev.pagewalk.devices.console.ConsoleInput} and {@link dev.pagewalk.devices.console.ConsoleOutput} are its host ends.
 *
 * <p>What a file or a pipe holds is read when the guest asks for it. What comes when it likes goes from a {@link
 * dev.pagewalk.devices.console.HostInputSource} into a {@link dev.pagewalk.devices.console.QueuedConsoleInput}, through the
 * hands of whoever runs the machine.
 */
package dev.pagewalk.devices.console;
