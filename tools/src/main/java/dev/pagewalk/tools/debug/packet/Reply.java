package dev.pagewalk.tools.debug.packet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What is answered to a packet: a payload, or nothing. */
final class Reply {
    /** No answer, or a later one. */
    static final Reply NONE = new Reply(null);

    /** The packet is not known here. */
    static final Reply UNSUPPORTED = text("");

    static final Reply OK = text("OK");

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] payload;

    private Reply(byte[] payload) {
        this.payload = payload;
    }

    static Reply text(String text) {
        return new Reply(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Reply error(PacketError error) {
        return text("E%02x".formatted(error.number()));
    }

    static Reply hex(byte[] bytes) {
        return text(hexOf(bytes));
    }

    /**
     * A text followed by bytes.
     *
     * @param data whose bytes from {@code offset} follow, {@code length} of them
     */
    static Reply binary(String text, byte[] data, int offset, int length) {
        byte[] prefix = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] payload = Arrays.copyOf(prefix, prefix.length + length);
        System.arraycopy(data, offset, payload, prefix.length, length);
        return new Reply(payload);
    }

    /** The digits of bytes. */
    static String hexOf(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static String hexOf(String text) {
        return hexOf(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digits of a 64-bit register, the lowest byte first. */
    static String hexOfRegister(long value) {
        return HEX.toHexDigits(Long.reverseBytes(value));
    }

    /**
     * How many bytes of {@code data} from {@code offset} a reply holds once they are escaped.
     *
     * @param most no more than these
     * @param roomBytes of the reply
     */
    static int fitting(byte[] data, int offset, int most, int roomBytes) {
        int room = roomBytes;
        int length = 0;
        int available = Math.min(most, data.length - offset);
        while (length < available) {
            byte next = data[offset + length];
            room -= next == '#' || next == '$' || next == '}' || next == '*' ? 2 : 1;
            if (room < 0) {
                break;
            }
            length++;
        }
        return length;
    }

    boolean isNone() {
        return payload == null;
    }

    byte[] payload() {
        return payload;
    }
}
