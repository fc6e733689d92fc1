package dev.pagewalk.tools.runner.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;

/**
 * How one test of a run ended: all that reports know of it.
 *
 * @param id {@code suite/name}, or {@code suite/name[variant]}; unique in a run
 * @param suite the folder that the test's image stands in, {@code /} between its parts
 * @param name of the test within its suite
 * @param variant of the machine, such as {@code harts=2,fork=eager}; empty where there is only one
 * @param image a file's path, or a catalog name
 * @param failures what was not as expected, a few lines each; why it was skipped, where it was; empty where it passed
 * @param statistics of the run, as {@code --stats-file} writes them; null where there was no run
 * @param durationMillis host time; not negative
 */
public record TestRecord(
        String id,
        String suite,
        String name,
        String variant,
        String image,
        Status status,
        List<String> failures,
        ObjectNode statistics,
        long durationMillis) {
    /** How a test can end. */
    public enum Status {
        PASSED,
        FAILED,
        SKIPPED
    }

    /** @throws IllegalArgumentException where a failed test says nothing, or a passed one complains */
    public TestRecord {
        Objects.requireNonNull(id);
        Objects.requireNonNull(suite);
        Objects.requireNonNull(name);
        Objects.requireNonNull(variant);
        Objects.requireNonNull(image);
        failures = List.copyOf(failures);
        if (status == Status.FAILED && failures.isEmpty() || status == Status.PASSED && !failures.isEmpty()) {
            throw new IllegalArgumentException(id + " is " + status + " with failures " + failures);
        }
        if (durationMillis < 0) {
            throw new IllegalArgumentException(id + " took " + durationMillis + " ms");
        }
    }

    /** The id of a test: {@code suite/name}, or {@code suite/name[variant]}. */
    public static String id(String suite, String name, String variant) {
        return suite + '/' + title(name, variant);
    }

    /** How a test is called within its suite: {@code name}, or {@code name[variant]}. */
    public static String title(String name, String variant) {
        return variant.isEmpty() ? name : name + '[' + variant + ']';
    }

    /** How this test is called within its suite. */
    public String title() {
        return title(name, variant);
    }

    public boolean passed() {
        return status == Status.PASSED;
    }
}
