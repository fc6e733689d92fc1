package dev.pagewalk.tools.runner;

/**
 * Something that was not as expected.
 *
 * @param text a few lines, which say it all
 * @param expected the console's text, for tools that show differences their own way; null where it is not about one text
 * @param actual the same
 */
public record TestFailure(String text, String expected, String actual) {
    static TestFailure of(String text) {
        return new TestFailure(text, null, null);
    }
}
