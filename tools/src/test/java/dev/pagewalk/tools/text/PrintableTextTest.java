package dev.pagewalk.tools.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Text of others does nothing but be read. */
class PrintableTextTest {
    @Test
    void whatATerminalWouldObeyIsAnEscape() {
        assertThat(PrintableText.of("\u001b[2J\u009b2J\u0000\b\r\u007f\u0085"))
                .isEqualTo("\\x1b[2J\\u009b2J\\x00\\x08\\r\\x7f\\u0085");
    }

    @Test
    void whatWouldReorderOrBreakALineIsAnEscape() {
        for (int character : new int[] {0x202A, 0x202E, 0x2066, 0x2069, 0x2028, 0x2029}) {
            assertThat(PrintableText.of("a" + Character.toString(character) + "b"))
                    .isEqualTo("a\\u" + Integer.toHexString(character) + "b");
        }
    }

    @Test
    void whatXmlCannotHoldIsAnEscape() {
        assertThat(PrintableText.of("\ud800 \ufffe \uffff")).isEqualTo("\\ud800 \\ufffe \\uffff");
    }

    @Test
    void anythingElseIsWhatItIs() {
        String text = "plain \\ \u00e4 \u00a0 \u2027\u202f\u2065\u206a \ud83d\ude00";

        assertThat(PrintableText.of(text)).isEqualTo(text);
        assertThat(PrintableText.line(text)).isEqualTo(text);
    }

    @Test
    void linesAndTabsStayInATextAndAreEscapesInALine() {
        assertThat(PrintableText.of("a\tb\nc")).isEqualTo("a\tb\nc");
        assertThat(PrintableText.line("a\tb\nc")).isEqualTo("a\\tb\\nc");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(PrintableText.cut("ab\ud83d\ude00", 3)).isEqualTo("ab\u2026");
        assertThat(PrintableText.cut("abc", 3)).isEqualTo("abc");
    }
}
