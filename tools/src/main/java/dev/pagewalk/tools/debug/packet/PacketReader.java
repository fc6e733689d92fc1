package dev.pagewalk.tools.debug.packet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads a packet from left to right; whatever is not as it should be is a {@link PacketException}. */
final class PacketReader {
    private static final int LONGEST_NUMBER_DIGITS = 16;

    private static final String LONG_NAMES = "bqQv";
    private static final String SEPARATORS = ":;,";

    private final byte[] bytes;
    private int position;

    PacketReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A packet's name is its first letter; of those with b, q, Q and v, what stands before the first of {@code : ; ,}. */
    String name() {
        int start = position;
        if (LONG_NAMES.indexOf(character()) >= 0) {
            while (!isAtEnd() && SEPARATORS.indexOf(bytes[position]) < 0) {
                position++;
            }
        }
        return new String(bytes, start, position - start, StandardCharsets.ISO_8859_1);
    }

    boolean isAtEnd() {
        return position == bytes.length;
    }

    void expectEnd() {
        check(isAtEnd());
    }

    /** Takes the next byte if it is this one. */
    boolean accept(char expected) {
        if (isAtEnd() || bytes[position] != expected) {
            return false;
        }
        position++;
        return true;
    }

    void expect(char expected) {
        check(accept(expected));
    }

    /** The next byte as a character. */
    char character() {
        check(!isAtEnd());
        return (char) (bytes[position++] & 0xFF);
    }

    /** A number of 1 to 16 hexadecimal digits. */
    long hexLong() {
        long value = 0;
        int digits = 0;
        while (!isAtEnd() && Character.digit(bytes[position], 16) >= 0) {
            check(++digits <= LONGEST_NUMBER_DIGITS);
            value = value << 4 | Character.digit(bytes[position++], 16);
        }
        check(digits > 0);
        return value;
    }

    /** A number from 0 to 2^31 - 1. */
    int hexInt() {
        long value = hexLong();
        check(value >= 0 && value <= Integer.MAX_VALUE);
        return (int) value;
    }

    /** As many bytes as hexadecimal digits follow in pairs. */
    byte[] hexBytes() {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        while (!isAtEnd() && Character.digit(bytes[position], 16) >= 0) {
            check(bytes.length - position >= 2);
            int high = Character.digit(bytes[position], 16);
            int low = Character.digit(bytes[position + 1], 16);
            check(low >= 0);
            result.write(high << 4 | low);
            position += 2;
        }
        return result.toByteArray();
    }

    /** Text that is spelled as the hexadecimal digits of its bytes in UTF-8. */
    String hexText() {
        return new String(hexBytes(), StandardCharsets.UTF_8);
    }

    /** A 64-bit register's value: 16 digits, the lowest byte first. */
    long hexRegister() {
        long value = 0;
        for (int digit = 0; digit < LONGEST_NUMBER_DIGITS; digit++) {
            int next = Character.digit(character(), 16);
            check(next >= 0);
            value = value << 4 | next;
        }
        return Long.reverseBytes(value);
    }

    /** The text up to a character, which is taken, too, or to the end. */
    String textUntil(char end) {
        int start = position;
        while (!isAtEnd() && bytes[position] != end) {
            position++;
        }
        String text = new String(bytes, start, position - start, StandardCharsets.ISO_8859_1);
        accept(end);
        return text;
    }

    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, position, bytes.length);
        position = bytes.length;
        return rest;
    }

    private static void check(boolean makesSense) {
        if (!makesSense) {
            throw new PacketException(PacketError.MALFORMED);
        }
    }
}
