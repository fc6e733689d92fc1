/**
 * The console on a socket: {@link dev.pagewalk.devices.console.socket.SocketConsole} is both host ends of the UART for one
 * client at a time, such as {@code nc}. Netty's thread moves bytes between the client and bounded queues, and touches
 * nothing else.
 */
package dev.pagewalk.devices.console.socket;
