/**
 * GDB's remote protocol as bytes on a socket: {@link dev.pagewalk.tools.debug.protocol.DebugServer} hands what a client
 * sends to the machine's thread, message by message, and frames what goes back. It knows no guest and no packet's meaning.
 *
 * <p>A client's bytes pass {@code PacketFramer} (where packets begin and end), {@code PacketCodec} (what they spell) and
 * {@code ClientHandler} (acknowledgements, back-pressure), all on Netty's thread. Source: the GDB manual, appendix
 * "GDB Remote Serial Protocol".
 *
 * <p>Aside from the path of a load. Next: {@code dev.pagewalk.tools.debug.packet}, which knows what the packets mean.
 */
package dev.pagewalk.tools.debug.protocol;
