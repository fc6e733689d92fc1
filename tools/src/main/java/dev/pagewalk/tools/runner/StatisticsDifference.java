package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Finds where the statistics of two runs differ, which those of the same thing never do. */
final class StatisticsDifference {
    private StatisticsDifference() {}

    /** The first counter that differs, {@code faults.cow was 3, is 4}; empty where none does. */
    static String describe(JsonNode before, JsonNode after) {
        return describe("", before, after);
    }

    private static String describe(String path, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return "";
        }
        if (before.isObject() && after.isObject()) {
            for (Map.Entry<String, JsonNode> field : before.properties()) {
                String found = describe(join(path, field.getKey()), field.getValue(), after.path(field.getKey()));
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        if (before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
                String found = describe(join(path, Integer.toString(i)), before.get(i), after.get(i));
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return path + " was " + before + ", is " + after;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
