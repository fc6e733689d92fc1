package dev.pagewalk.tools.runner.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Records of tests that nobody has run. */
final class SampleRecords {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SampleRecords() {}

    static TestRecord passed(String suite, String name, String variant, ObjectNode statistics) {
        return record(suite, name, variant, TestRecord.Status.PASSED, List.of(), statistics);
    }

    static TestRecord passed(String suite, String name) {
        return passed(suite, name, "", statistics(1000));
    }

    static TestRecord failed(String suite, String name, String... failures) {
        return record(suite, name, "", TestRecord.Status.FAILED, List.of(failures), statistics(1000));
    }

    static TestRecord skipped(String suite, String name, String reason) {
        return record(suite, name, "", TestRecord.Status.SKIPPED, List.of(reason), null);
    }

    private static TestRecord record(
            String suite,
            String name,
            String variant,
            TestRecord.Status status,
            List<String> failures,
            ObjectNode statistics) {
        return new TestRecord(
                TestRecord.id(suite, name, variant),
                suite,
                name,
                variant,
                name + ".s",
                status,
                failures,
                statistics,
                1234);
    }

    /** As many tests in so many suites, with counters from small to large and some of them zero. */
    static List<TestRecord> many(int tests, int suites) {
        Random random = new Random(tests);
        List<TestRecord> records = new ArrayList<>();
        for (int i = 0; i < tests; i++) {
            long size = (long) Math.pow(10, 8 * random.nextDouble());
            records.add(passed("suite" + i * suites / tests, "guest" + i, "", statistics(size)));
        }
        return records;
    }

    static ObjectNode statistics(long size) {
        ObjectNode root = JSON.objectNode().put("cycles", size).put("instructions", size / 2);
        ObjectNode tlb = root.putObject("tlb");
        tlb.putObject("itlb").put("accesses", size).put("misses", size / 100);
        tlb.putObject("dtlb").put("accesses", size).put("misses", size / 50);
        tlb.put("walks", size / 200);
        root.putObject("faults")
                .put("demand_zero", size / 500)
                .put("file", 2)
                .put("cow", size / 10_000)
                .put("killed", 1);
        ObjectNode shootdowns = root.putObject("shootdowns").put("ipis", size / 100_000);
        shootdowns.putObject("wait_cycles").put("total", size / 100);
        return asRead(root);
    }

    /** Small numbers are of another type once they have been read. */
    private static ObjectNode asRead(ObjectNode node) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(node.toString());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
