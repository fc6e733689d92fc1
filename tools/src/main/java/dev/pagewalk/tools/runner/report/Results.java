package dev.pagewalk.tools.runner.report;

import java.util.List;

/**
 * What a run, or one shard of it, has found.
 *
 * @param shard null where the run was not divided
 * @param tests in the order in which they are shown
 */
public record Results(Shard shard, List<TestRecord> tests) {
    public Results {
        tests = List.copyOf(tests);
    }

    /** How many ended that way. */
    long count(TestRecord.Status status) {
        return tests.stream().filter(test -> test.status() == status).count();
    }

    /** Those that ended that way, in their order. */
    List<TestRecord> all(TestRecord.Status status) {
        return tests.stream().filter(test -> test.status() == status).toList();
    }
}
