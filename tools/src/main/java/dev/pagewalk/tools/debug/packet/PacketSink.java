package dev.pagewalk.tools.debug.packet;

/** Where the session's replies go. */
@FunctionalInterface
public interface PacketSink {
    /** Sends a payload, neither framed nor escaped; it is not changed afterwards. */
    void send(byte[] payload);
}
