package dev.pagewalk.tools.debug.packet;

/** What one name of packet does. */
@FunctionalInterface
interface PacketHandler {
    /**
     * Does it.
     *
     * @param arguments stands behind the packet's name
     * @throws PacketException if the packet makes no sense or asks for what is not possible; then nothing has happened
     */
    Reply handle(PacketReader arguments);
}
