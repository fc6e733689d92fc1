package dev.pagewalk.tools.runner;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a run treats all of its tests.
 *
 * @param machine options of {@code boot} that win over those of the tests, without their hyphens
 * @param updatesGolden write exact counters into the expectation files instead of comparing them
 * @param repetitions how often each test runs, 1 at least; all runs must give the same statistics
 */
public record TestOptions(Map<String, String> machine, boolean updatesGolden, int repetitions) {
    public TestOptions {
        machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
    }
}
