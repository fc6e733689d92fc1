package dev.pagewalk.tools.runner;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.Patch;
import dev.pagewalk.tools.text.PrintableText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shows how a console's text differs from what was expected. */
final class ConsoleDifference {
    private static final int SHOWN_CHARACTERS = 400;

    /** Of these, so many may be equal ones before the first difference. */
    private static final int SHOWN_EQUAL_CHARACTERS = 100;

    private static final int SHOWN_LINES = 60;

    /** Longer texts are not aligned: that takes time and memory by the product of their lengths. */
    private static final int COMPARED_LINES = 500;

    private static final int CONTEXT_LINES = 3;

    /** The two lines that name the texts. */
    private static final int HEADER_LINES = 2;

    private ConsoleDifference() {}

    /** A few lines: both texts where they are short, a unified diff where they have several lines. */
    static String describe(String expected, String actual) {
        List<String> expectedLines = lines(expected);
        List<String> actualLines = lines(actual);
        boolean isShort = expectedLines.size() <= 1 && actualLines.size() <= 1;
        if (isShort || expectedLines.equals(actualLines)) {
            return "console differs" + both(expected, actual);
        }
        if (expectedLines.size() > COMPARED_LINES || actualLines.size() > COMPARED_LINES) {
            int line = firstDifference(expectedLines, actualLines);
            boolean bothGoOn = line <= Math.min(expectedLines.size(), actualLines.size());
            return "console differs from line " + line + " on"
                    + (bothGoOn
                            ? both(expectedLines.get(line - 1), actualLines.get(line - 1))
                            : "\nexpected " + lineOrEnd(expectedLines, line) + "\nactual   "
                                    + lineOrEnd(actualLines, line));
        }
        Patch<String> patch = DiffUtils.diff(expectedLines, actualLines);
        List<String> diff =
                UnifiedDiffUtils.generateUnifiedDiff("expected", "actual", expectedLines, patch, CONTEXT_LINES);
        // Elsewhere a backslash is no more than itself.
        boolean hasEscapes =
                diff.stream().anyMatch(line -> !PrintableText.line(line).equals(line));
        StringBuilder text = new StringBuilder("console differs");
        for (int i = 0; i < Math.min(diff.size(), SHOWN_LINES); i++) {
            text.append('\n').append(shown(diff, i, hasEscapes));
        }
        if (diff.size() > SHOWN_LINES) {
            text.append("\n... and ").append(diff.size() - SHOWN_LINES).append(" lines more");
        }
        return text.toString();
    }

    /** Between line feeds only: a carriage return belongs to its line, where it can be seen. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private static String both(String expected, String actual) {
        int start = start(commonLength(expected, actual));
        return "\nexpected " + quoted(expected, start) + "\nactual   " + quoted(actual, start);
    }

    /** Counted from 1. */
    private static int firstDifference(List<String> expected, List<String> actual) {
        int line = 0;
        while (line < expected.size()
                && line < actual.size()
                && expected.get(line).equals(actual.get(line))) {
            line++;
        }
        return line + 1;
    }

    private static String lineOrEnd(List<String> lines, int number) {
        return number <= lines.size() ? quoted(lines.get(number - 1)) : "the end";
    }

    /** The number of characters before the first difference. */
    private static int commonLength(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int common = 0;
        while (common < length && one.charAt(common) == other.charAt(common)) {
            common++;
        }
        return common;
    }

    /** Where to begin to show a text, so that a difference behind so many equal characters is seen. */
    private static int start(int common) {
        return common < SHOWN_CHARACTERS - SHOWN_EQUAL_CHARACTERS ? 0 : common - SHOWN_EQUAL_CHARACTERS;
    }

    /** A text between quotation marks, cut where it is long. */
    static String quoted(String text) {
        return quoted(text, 0);
    }

    private static String quoted(String text, int start) {
        String shown = '"' + PrintableText.line(escaped(part(text, start))) + '"';
        return start == 0 && text.length() <= SHOWN_CHARACTERS
                ? shown
                : (start == 0 ? "" : "...") + shown + (end(text, start) == text.length() ? "" : "...") + " ("
                        + text.length() + " characters)";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String part(String text, int start) {
        return text.substring(boundary(text, start), end(text, start));
    }

    private static int end(String text, int start) {
        return boundary(text, Math.min(text.length(), start + SHOWN_CHARACTERS));
    }

    /** No pair of surrogates is cut in two. */
    private static int boundary(String text, int at) {
        boolean isInPair =
                at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
        return isInPair ? at - 1 : at;
    }

    /** A line of a unified diff; where it stands for another, what differs between them is in it. */
    private static String shown(List<String> diff, int index, boolean escapesBackslashes) {
        String line = diff.get(index);
        String text = line.substring(1);
        int start = text.length() <= SHOWN_CHARACTERS ? 0 : start(mostInCommon(diff, index));
        String part = part(text, start);
        return line.charAt(0)
                + (start == 0 ? "" : "...")
                + PrintableText.line(escapesBackslashes ? part.replace("\\", "\\\\") : part)
                + (end(text, start) == text.length() ? "" : "...");
    }

    /** How many characters a removed line has in common with the most similar of those added in its place, or the reverse. */
    private static int mostInCommon(List<String> diff, int index) {
        char mark = diff.get(index).charAt(0);
        if (mark != '-' && mark != '+') {
            return 0;
        }
        // Those that are removed come first, then those that are added.
        int step = mark == '-' ? 1 : -1;
        char otherMark = mark == '-' ? '+' : '-';
        String text = diff.get(index).substring(1);
        int most = 0;
        int at = index;
        while (at >= HEADER_LINES && at < diff.size() && diff.get(at).charAt(0) == mark) {
            at += step;
        }
        while (at >= HEADER_LINES && at < diff.size() && diff.get(at).charAt(0) == otherMark) {
            most = Math.max(most, commonLength(text, diff.get(at).substring(1)));
            at += step;
        }
        return most;
    }
}
