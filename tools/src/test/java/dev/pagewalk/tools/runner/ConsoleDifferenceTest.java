package dev.pagewalk.tools.runner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whatever the texts, what differs is in what is shown. */
class ConsoleDifferenceTest {
    private static final String LONG = "x".repeat(1000);

    @Test
    void aLongLineIsCutAroundItsFirstDifference() {
        String shown = ConsoleDifference.describe(LONG + "good\n", LONG + "bad\n");

        assertThat(shown)
                .isEqualTo("console differs\nexpected ...\"" + "x".repeat(100)
                        + "good\\n\" (1005 characters)\nactual   ...\"" + "x".repeat(100)
                        + "bad\\n\" (1004 characters)");
        assertThat(ConsoleDifference.describe("good" + LONG, "bad" + LONG))
                .contains("expected \"good" + "x".repeat(396) + "\"... (1004 characters)");
    }

    @Test
    void aMissingLastLineFeedIsSeenBehindManyLines() {
        String text = "line\n".repeat(300);

        assertThat(ConsoleDifference.describe(text, text.substring(0, text.length() - 1)))
                .contains("line\\n\" (1500 characters)")
                .contains("line\" (1499 characters)");
    }

    @Test
    void longLinesOfAUnifiedDiffAreCutAroundTheirFirstDifferences() {
        String shown = ConsoleDifference.describe(
                "same\n" + LONG + "one\n" + LONG + LONG + "three\n",
                "same\nnew\n" + LONG + "two\n" + LONG + LONG + "four\n");

        String equal = "..." + "x".repeat(100);
        assertThat(shown.lines())
                .containsExactly(
                        "console differs",
                        "--- expected",
                        "+++ actual",
                        "@@ -1,3 +1,4 @@",
                        " same",
                        "-" + equal + "one",
                        "-" + equal + "three",
                        "+new",
                        "+" + equal + "two",
                        "+" + equal + "four");
    }

    @Test
    void aLineInTheMiddleOfManyIsCutAroundItsFirstDifference() {
        String before = "line\n".repeat(600);

        assertThat(ConsoleDifference.describe(before + LONG + "one\n", before + LONG + "two\n"))
                .startsWith("console differs from line 601 on\nexpected ...\"xxx")
                .contains("xone\" (1003 characters)\nactual   ...\"xxx")
                .endsWith("xtwo\" (1003 characters)");
        assertThat(ConsoleDifference.describe(before + "\n", before))
                .isEqualTo("console differs from line 601 on\nexpected \"\"\nactual   the end");
    }

    @Test
    void controlCharactersAreSeenAndCannotBeTakenForText() {
        assertThat(ConsoleDifference.describe("\u001b[31m\\x1b", "\u202e\u009b\r"))
                .isEqualTo("console differs\nexpected \"\\x1b[31m\\\\x1b\"\nactual   \"\\u202e\\u009b\\r\"");
        assertThat(ConsoleDifference.describe("a\n\\x1b\n", "a\n\u001b\n")).contains("\n-\\\\x1b\n+\\x1b");
        assertThat(ConsoleDifference.describe("a\nb\n", "a\r\nb\n")).contains("\n-a\n+a\\r\n b");
        assertThat(ConsoleDifference.describe("a\nb\\\n", "a\nc\\\n")).contains("\n-b\\\n+c\\");
    }

    @Test
    void noCharacterIsCutInTwo() {
        String smiles = "\ud83d\ude00".repeat(501);

        assertThat(ConsoleDifference.describe("a" + smiles + "1", "a" + smiles + "2"))
                .doesNotContain("\\ud83d", "\\ude00")
                .contains("1\" (1004 characters)");
        assertThat(ConsoleDifference.quoted("a" + smiles)).doesNotContain("\\ud83d", "\\ude00");
    }
}
