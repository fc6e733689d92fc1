package dev.pagewalk.tools.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which word was meant where one was mistyped. */
final class Spelling {
    private static final int MOST_CHANGES = 2;

    private Spelling() {}

    /** The first of the most similar words; none where more than two letters, or half of all, would have to change. */
    static Optional<String> closest(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> changes(typed, word) <= Math.min(MOST_CHANGES, typed.length() / 2))
                .min(Comparator.comparingInt(word -> changes(typed, word)));
    }

    /** The Levenshtein distance: how many letters must be put in, left out or replaced. */
    private static int changes(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
