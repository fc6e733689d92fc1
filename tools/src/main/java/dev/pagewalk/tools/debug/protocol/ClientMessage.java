package dev.pagewalk.tools.debug.protocol;

/** What the debugger's client has done; in order, for the machine's thread. */
public sealed interface ClientMessage {
    /** A client is there; it will be answered from now on. */
    record Connected() implements ClientMessage {}

    /**
     * A packet has come, whole and acknowledged.
     *
     * @param payload its bytes between {@code $} and {@code #}, expanded and unescaped
     */
    record PacketReceived(byte[] payload) implements ClientMessage {}

    /** The client wants the guest to stop. */
    record InterruptRequested() implements ClientMessage {}

    /** The client has gone, whoever closed the connection. */
    record Disconnected() implements ClientMessage {}
}
