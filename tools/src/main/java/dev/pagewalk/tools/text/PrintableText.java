package dev.pagewalk.tools.text;

import java.util.Locale;

/**
 * Text of guests, of file names and of expectation files, made fit for terminals, messages and markup: what would act on a
 * terminal, change the order in which a line is read, or cannot stand in XML is shown as an escape such as {@code \x1b}.
 */
public final class PrintableText {
    private PrintableText() {}

    /** Text of several lines: line breaks and tabs stay what they are. */
    public static String of(String text) {
        return escaped(text, true);
    }

    /** Text that stays on one line whatever is in it, a name for example: line breaks and tabs are escapes too. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** The text, or its beginning where it is longer. */
    public static String cut(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end) + "\u2026";
    }

    private static String escaped(String text, boolean keepsLayout) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            boolean isLayout = character == '\n' || character == '\t';
            if (isLayout ? keepsLayout : isPrintable(character)) {
                printable.appendCodePoint(character);
            } else {
                printable.append(escape(character));
            }
        });
        return printable.toString();
    }

    /** As in Java, and between {@code $'} and {@code '} in shells. */
    private static String escape(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(Locale.ROOT, character < 0x80 ? "\\x%02x" : "\\u%04x", character);
        };
    }

    private static boolean isPrintable(int character) {
        boolean isControl = character < 0x20 || character >= 0x7F && character < 0xA0;
        boolean isLineSeparator = character == 0x2028 || character == 0x2029;
        boolean isBidirectionalControl =
                character >= 0x202A && character <= 0x202E || character >= 0x2066 && character <= 0x2069;
        // Lone surrogates and U+FFFE, U+FFFF are no characters of XML.
        boolean isNoCharacter = character >= 0xD800 && character < 0xE000 || character == 0xFFFE || character == 0xFFFF;
        return !isControl && !isLineSeparator && !isBidirectionalControl && !isNoCharacter;
    }
}
