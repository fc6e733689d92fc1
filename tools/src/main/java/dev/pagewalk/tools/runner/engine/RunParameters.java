package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.machine.MachineOptions;
import dev.pagewalk.tools.runner.TestOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.engine.ConfigurationParameters;

/**
 * The engine's configuration parameters, of {@code junit-platform.properties} and wherever else JUnit reads them.
 *
 * @param failsFast whether no test is begun that stands after one that has failed
 */
public record RunParameters(TestOptions tests, boolean failsFast) {
    /** Before the name of an option of {@code boot}, without its hyphens, which wins over what the tests say. */
    public static final String MACHINE_PREFIX = "pagewalk.machine.";

    /** {@code true} writes golden counters into the expectation files instead of comparing them. */
    public static final String UPDATE_GOLDEN = "pagewalk.golden.update";

    /** {@code true} begins no test that stands after one that has failed. */
    public static final String FAIL_FAST = "pagewalk.fail-fast";

    /** How often each test runs, 1 or more; its statistics must be the same each time. */
    public static final String REPETITIONS = "pagewalk.repeat";

    /** The same, for a run whose parameters are known. */
    public Map<String, String> asConfiguration() {
        Map<String, String> configuration = new LinkedHashMap<>();
        tests.machine().forEach((option, value) -> configuration.put(MACHINE_PREFIX + option, value));
        configuration.put(REPETITIONS, Integer.toString(tests.repetitions()));
        configuration.put(UPDATE_GOLDEN, Boolean.toString(tests.updatesGolden()));
        configuration.put(FAIL_FAST, Boolean.toString(failsFast));
        return configuration;
    }

    /** @throws JUnitException where a value cannot be used */
    static RunParameters read(ConfigurationParameters parameters) {
        Map<String, String> machine = new LinkedHashMap<>();
        for (String option : MachineOptions.names()) {
            parameters.get(MACHINE_PREFIX + option).ifPresent(value -> machine.put(option, value));
        }
        for (String key : parameters.keySet()) {
            if (key.startsWith(MACHINE_PREFIX) && !machine.containsKey(key.substring(MACHINE_PREFIX.length()))) {
                throw new JUnitException(
                        key + ": boot has no such option; it has " + String.join(", ", MachineOptions.names()));
            }
        }
        int repetitions =
                parameters.get(REPETITIONS, RunParameters::repetitions).orElse(1);
        boolean updatesGolden = parameters.getBoolean(UPDATE_GOLDEN).orElse(false);
        boolean failsFast = parameters.getBoolean(FAIL_FAST).orElse(false);
        return new RunParameters(new TestOptions(machine, updatesGolden, repetitions), failsFast);
    }

    private static int repetitions(String text) {
        if (!text.strip().matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("a test runs once at least, not " + text + " times");
        }
        return Integer.parseInt(text.strip());
    }
}
