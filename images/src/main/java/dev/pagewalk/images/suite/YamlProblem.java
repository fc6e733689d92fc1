package dev.pagewalk.images.suite;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one line, without names of Java types, what the YAML parser says in several with them. */
final class YamlProblem {
    private static final Pattern PLACE = Pattern.compile("line ([0-9]{1,9}), column [0-9]+");
    private static final Pattern TWICE = Pattern.compile("Duplicate field (.*)", Pattern.DOTALL);
    private static final Pattern JAVA_NAME =
            Pattern.compile("\\b[a-z]\\w*\\.[a-z]\\w*\\.|[A-Z][a-z0-9]+[A-Z]|\\w\\(\\)");

    private YamlProblem() {}

    /**
     * One line.
     *
     * @param message of the parser: what it was doing, the problem, each followed by its place and an indented excerpt
     * @param line where the parser stood; 0 where that is not known
     */
    static String describe(String message, int line) {
        String text = message == null ? "" : message;
        String place = line > 0 ? Integer.toString(line) : "";
        Matcher places = PLACE.matcher(text);
        while (places.find()) {
            place = places.group(1);
        }
        return "no YAML" + (place.isEmpty() ? "" : " (line " + place + ")") + ": " + problem(text);
    }

    private static String problem(String text) {
        Matcher twice = TWICE.matcher(text);
        if (twice.matches()) {
            return "the key " + twice.group(1).replaceAll("\\s+", " ") + " stands there twice";
        }
        if (text.startsWith("Expected a field name")) {
            return "a key must be a single word or text, not a list or a mapping";
        }
        if (text.startsWith("Document nesting depth")) {
            return "lists or mappings are nested too deeply";
        }
        String problem = text.lines()
                .filter(line -> !line.isEmpty() && !Character.isWhitespace(line.charAt(0)))
                .reduce("", (before, line) -> line);
        return problem.isEmpty() || JAVA_NAME.matcher(problem).find() ? "it cannot be understood" : problem;
    }
}
