/**
 * The console: {@link dev.pagewalk.devices.console.Uart16550} faces the guest, {@link
 * dev.pagewalk.devices.console.ConsoleInput} and {@link dev.pagewalk.devices.console.ConsoleOutput} are its host ends.
 */
package dev.pagewalk.devices.console;
