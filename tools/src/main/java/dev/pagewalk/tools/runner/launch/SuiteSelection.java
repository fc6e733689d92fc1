package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.report.Shard;
import java.util.List;

/**
 * Which of the tests that are found are run.
 *
 * @param include one of them has to match; empty for all
 * @param exclude none of them may match
 * @param tags JUnit's tag expressions, {@code slow & !smp}, of which one has to hold; empty for all
 * @param shard the part of what is left; null for all
 */
public record SuiteSelection(List<TestPattern> include, List<TestPattern> exclude, List<String> tags, Shard shard) {
    public SuiteSelection {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        tags = List.copyOf(tags);
    }

    /** Whether nothing is left out. */
    boolean isAll() {
        return include.isEmpty() && exclude.isEmpty() && tags.isEmpty() && shard == null;
    }

    /** Whether the patterns choose a test. */
    boolean matches(TestCase test) {
        return (include.isEmpty() || include.stream().anyMatch(pattern -> pattern.matches(test)))
                && exclude.stream().noneMatch(pattern -> pattern.matches(test));
    }

    /** Whether the shard has a test, by the number of tests before it: shards take turns, so that slow folders are shared. */
    boolean isInShard(int place) {
        return shard == null || place % shard.count() == shard.index() - 1;
    }
}
