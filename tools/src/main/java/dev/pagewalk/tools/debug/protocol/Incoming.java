package dev.pagewalk.tools.debug.protocol;

/** What the framer finds in a client's bytes. */
sealed interface Incoming {
    /**
     * A packet whose checksum is right.
     *
     * @param content the bytes between {@code $} and {@code #} as they came
     */
    record Frame(byte[] content) implements Incoming {}

    /** All that is no good packet. */
    enum Mark implements Incoming {
        /** {@code +}: the last packet to the client has arrived. */
        ACKNOWLEDGEMENT,
        /** {@code -}: it has not, and is to be sent again. */
        REFUSAL,
        /** The byte 3, outside of packets. */
        INTERRUPT,
        /** A packet whose checksum is wrong. */
        BAD_CHECKSUM,
        /** A packet that is longer than promised; it has been skipped. */
        OVERSIZED,
        /** A packet whose checksum is right, but whose run lengths or escapes make no sense. */
        MALFORMED,
        /** So much rubbish that this is no debugger; the framer has given up. */
        HOPELESS
    }
}
