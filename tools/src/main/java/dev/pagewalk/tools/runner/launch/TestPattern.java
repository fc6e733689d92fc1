package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.TestCase;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Chooses tests by name: {@code *} stands for any characters, {@code ?} for one, everything else for itself. So that a
 * name may be as long as needed, a test's {@code name}, {@code name[variant]} or {@code folder/name[variant]} has to match as
 * a whole, the folder as the tree of results or as reports call it.
 */
public final class TestPattern {
    private final String text;
    private final Pattern pattern;

    public TestPattern(String text) {
        this.text = text;
        String expression = Arrays.stream(text.split("(?<=[*?])|(?=[*?])"))
                .map(part -> part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part))
                .collect(Collectors.joining());
        this.pattern = Pattern.compile(expression, Pattern.DOTALL);
    }

    boolean matches(TestCase test) {
        return pattern.matcher(test.image().name()).matches()
                || pattern.matcher(test.title()).matches()
                || pattern.matcher(test.id()).matches()
                || pattern.matcher(test.image().folder().name() + "/" + test.title())
                        .matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
