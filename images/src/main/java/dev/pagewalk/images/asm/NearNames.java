package dev.pagewalk.images.asm;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Finds what somebody may have meant who wrote a name that does not exist. */
final class NearNames {
    private static final int MAX_DISTANCE = 2;
    private static final int MAX_NAMES = 3;
    private static final int MAX_LENGTH = 30;

    private NearNames() {}

    /** {@code " (near names: addi, add)"}, or nothing where no name is near. */
    static String hint(String name, Collection<String> names) {
        if (name.length() > MAX_LENGTH) {
            return "";
        }
        int allowed = Math.min(MAX_DISTANCE, name.length() / 2);
        String near = names.stream()
                .filter(candidate -> distance(name, candidate) <= allowed)
                .sorted(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MAX_NAMES)
                .collect(Collectors.joining(", "));
        return near.isEmpty() ? "" : " (near names: " + near + ")";
    }

    /** Levenshtein's distance: insertions, deletions and replacements. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
