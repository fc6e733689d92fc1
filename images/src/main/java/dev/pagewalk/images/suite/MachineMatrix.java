package dev.pagewalk.images.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Multiplies out a {@code matrix:}: every value of each option with every value of all others. */
final class MachineMatrix {
    /** More machines for one image are a slip of the pen. */
    static final int MOST_MACHINES = 256;

    private MachineMatrix() {}

    /** How many machines there are, {@link #MOST_MACHINES} + 1 at most. */
    static int size(Map<String, List<String>> matrix) {
        int size = 1;
        for (List<String> values : matrix.values()) {
            size = Math.min(size * values.size(), MOST_MACHINES + 1);
        }
        return size;
    }

    /**
     * All choices of one value for each option, the last option's values alternating fastest; where there is no option, the one
     * choice of nothing.
     */
    static List<Map<String, String>> choices(Map<String, List<String>> matrix) {
        List<Map<String, String>> choices = List.of(Map.of());
        for (Map.Entry<String, List<String>> option : matrix.entrySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> choice : choices) {
                for (String value : option.getValue()) {
                    Map<String, String> with = new LinkedHashMap<>(choice);
                    with.put(option.getKey(), value);
                    longer.add(with);
                }
            }
            choices = longer;
        }
        return choices;
    }

    /** {@code harts=4,fork=cow}. */
    static String label(Map<String, String> choice) {
        return choice.entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(","));
    }
}
