package dev.pagewalk.images.suite;

import java.util.regex.Pattern;

/**
 * Matches a regular expression in a bounded number of steps. Some, such as {@code a*a*a*a*a*a*$}, try so many ways to divide a
 * text that they end in no time of ours; the number of characters looked at, unlike a time, is the same on every host.
 */
final class BoundedMatch {
    private static final long MOST_CHARACTERS_READ = 100_000_000;

    private BoundedMatch() {}

    /** @throws ExpectationException where the bound does not suffice */
    static boolean matches(Pattern pattern, String text) throws ExpectationException {
        try {
            return pattern.matcher(new CountedText(text)).matches();
        } catch (BoundReachedException e) {
            throw tooMuch(
                    pattern,
                    "tries too many ways to match this console: more than " + MOST_CHARACTERS_READ
                            + " characters read");
        } catch (StackOverflowError e) {
            // The matcher calls itself for each repetition of an alternative.
            throw tooMuch(pattern, "needs too many nested steps to match this console");
        }
    }

    private static ExpectationException tooMuch(Pattern pattern, String what) {
        return new ExpectationException("console-matches", "", pattern + " " + what + "; write it more simply");
    }

    /** Leaves the matcher, which knows no other way out. */
    private static final class BoundReachedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BoundReachedException() {
            super(null, null, false, false);
        }
    }

    /** A text that counts how often it is looked at. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private long read;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            read++;
            if (read > MOST_CHARACTERS_READ) {
                throw new BoundReachedException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
