package dev.pagewalk.images.suite;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Puts new golden counters into the text of an expectation file and leaves every other character as it is. */
public final class GoldenWriter {
    private static final Pattern KEY = Pattern.compile("(?m)^golden[ \\t]*:[ \\t]*");
    private static final Pattern INDENTED_LINES = Pattern.compile("(?:[ \\t]*\\R)*+[ \\t]+[^\\s][^\\r\\n]*(?:\\R|\\z)");
    private static final int MAX_LINE = 120;

    private GoldenWriter() {}

    /**
     * The text with {@code golden} in place of what its {@code golden:} says, or with a new line at its end.
     *
     * @param text a valid expectation file
     * @param golden by the machine's label, which is empty where there is no matrix; written in this order, names of letters,
     *     digits, dots, hyphens and underscores
     */
    public static String update(String text, Map<String, Map<String, Long>> golden) {
        String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            boolean complete = text.isEmpty() || text.endsWith("\n");
            return text + (complete ? "" : lineEnd) + "golden: " + value(golden, lineEnd) + lineEnd;
        }
        int start = key.end();
        if (start < text.length() && text.charAt(start) == '{') {
            return text.substring(0, key.start()) + "golden: " + value(golden, lineEnd)
                    + text.substring(endOfFlow(text, start));
        }
        String rest = text.substring(endOfBlock(text, start));
        return text.substring(0, key.start()) + "golden: " + value(golden, lineEnd) + lineEnd + rest;
    }

    private static String value(Map<String, Map<String, Long>> golden, String lineEnd) {
        if (golden.containsKey("")) {
            return counters(golden.get(""), "golden: ".length(), "  ", lineEnd);
        }
        return golden.entrySet().stream()
                .map(machine -> "  \"" + machine.getKey() + "\": "
                        + counters(machine.getValue(), machine.getKey().length() + 6, "    ", lineEnd))
                .collect(Collectors.joining("," + lineEnd, "{" + lineEnd, lineEnd + "  }"));
    }

    /** On the line where they begin if that is long enough, or on one line each. */
    private static String counters(Map<String, Long> counters, int before, String indent, String lineEnd) {
        String flow = counters.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
        if (before + flow.length() <= MAX_LINE) {
            return flow;
        }
        return counters.entrySet().stream()
                .map(entry -> indent + entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("," + lineEnd, "{" + lineEnd, lineEnd + indent + "}"));
    }

    /** The place after the brace that closes the one at {@code start}; braces in comments do not count. */
    private static int endOfFlow(String text, int start) {
        int depth = 0;
        boolean comment = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                comment = false;
            } else if (c == '#' && Character.isWhitespace(text.charAt(i - 1))) {
                comment = true;
            } else if (c == '{' && !comment) {
                depth++;
            } else if (c == '}' && !comment) {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return text.length();
    }

    /** The place after the key's own line and the indented lines below it. */
    private static int endOfBlock(String text, int start) {
        int lineEnd = text.indexOf('\n', start);
        if (lineEnd < 0) {
            return text.length();
        }
        int end = lineEnd + 1;
        Matcher lines = INDENTED_LINES.matcher(text);
        while (lines.region(end, text.length()).lookingAt()) {
            end = lines.end();
        }
        return end;
    }
}
