package dev.pagewalk.tools.debug.packet;

/** A packet that cannot be done; caught in {@link DebugSession#receive} alone, which answers with the error. */
final class PacketException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final PacketError error;

    PacketException(PacketError error) {
        super(error.name(), null, false, false);
        this.error = error;
    }

    PacketError error() {
        return error;
    }
}
