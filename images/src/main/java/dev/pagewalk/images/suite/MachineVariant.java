package dev.pagewalk.images.suite;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of the machines that a test image runs on.
 *
 * @param label {@code harts=4,fork=cow}: its place in the matrix; empty where there is no matrix
 * @param machine options of {@code boot}, without their hyphens, and their values
 * @param golden the exact counters that hold on this machine
 */
public record MachineVariant(String label, Map<String, String> machine, Map<String, Long> golden) {
    public MachineVariant {
        machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
        golden = Collections.unmodifiableMap(new LinkedHashMap<>(golden));
    }
}
