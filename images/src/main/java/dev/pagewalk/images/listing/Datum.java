package dev.pagewalk.images.listing;

import java.nio.ByteBuffer;
import java.util.StringJoiner;

/**
 * One data directive and how many bytes it stands for.
 *
 * @param text the directive with its operands
 */
record Datum(String text, int sizeBytes) {
    private static final int MIN_ZEROS = 8;
    private static final int MIN_TEXT = 4;
    private static final int MAX_TEXT = 60;
    private static final int BYTES_PER_LINE = 8;

    /** The directive that shows best what stands at {@code offset}, using at most {@code available} bytes. */
    static Datum at(ByteBuffer bytes, int offset, int available, long address) {
        int zeros = 0;
        while (zeros < available && bytes.get(offset + zeros) == 0) {
            zeros++;
        }
        if (zeros == available || zeros > MIN_ZEROS) {
            // What follows the zeros should keep its natural place.
            int whole = zeros == available ? zeros : zeros - (int) (address + zeros & 7);
            return new Datum(".zero   " + whole, whole);
        }
        int text = textLength(bytes, offset, available);
        if (text >= MIN_TEXT) {
            boolean terminated = text < available && bytes.get(offset + text) == 0;
            return new Datum(
                    (terminated ? ".asciz  " : ".ascii  ") + quoted(bytes, offset, text), terminated ? text + 1 : text);
        }
        if ((address & 7) == 0 && available >= 8) {
            return new Datum(".8byte  0x" + ImageListing.hexDigits(bytes.getLong(offset), 16), 8);
        }
        return bytes(bytes, offset, Math.min(available, BYTES_PER_LINE - (int) (address & 7)));
    }

    /** {@code count} bytes, one by one. */
    static Datum bytes(ByteBuffer bytes, int offset, int count) {
        StringJoiner list = new StringJoiner(", ", ".byte   ", "");
        for (int i = 0; i < count; i++) {
            list.add("0x" + ImageListing.hexDigits(bytes.get(offset + i) & 0xFF, 2));
        }
        return new Datum(list.toString(), count);
    }

    private static int textLength(ByteBuffer bytes, int offset, int available) {
        int length = 0;
        while (length < Math.min(available, MAX_TEXT) && isText(bytes.get(offset + length))) {
            length++;
        }
        return length;
    }

    private static boolean isText(byte b) {
        return b >= ' ' && b <= '~' || b == '\n' || b == '\t';
    }

    private static String quoted(ByteBuffer bytes, int offset, int length) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            char c = (char) bytes.get(offset + i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '"', '\\' -> text.append('\\').append(c);
                default -> text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
