package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.images.suite.MachineVariant;
import dev.pagewalk.tools.runner.report.TestRecord;
import java.util.List;

/**
 * One image on one of its machines.
 *
 * @param suite what reports call the image's folder, the same wherever the tests are run from
 */
public record TestCase(String suite, TestImage image, MachineVariant variant) {
    /** Why a test is skipped. */
    public static final String LEFT_OUT = "a test before it has failed";

    /** The tests of an image, one for each of its machines. */
    public static List<TestCase> of(String suite, TestImage image) {
        return image.variants().stream()
                .map(variant -> new TestCase(suite, image, variant))
                .toList();
    }

    /** {@code suite/name}, or {@code suite/name[variant]}. */
    public String id() {
        return TestRecord.id(suite, image.name(), variant.label());
    }

    /** {@code name}, or {@code name[variant]}. */
    public String title() {
        return TestRecord.title(image.name(), variant.label());
    }

    /** What reports have of a test that does not count, because one before it has failed. */
    public TestRecord leftOut() {
        return record(TestRecord.Status.SKIPPED, List.of(LEFT_OUT), null, 0);
    }

    /** What reports have of a test that had not ended when its run was interrupted. */
    public TestRecord interrupted() {
        return record(TestRecord.Status.FAILED, List.of("the run was interrupted before this test had ended"), null, 0);
    }

    TestRecord record(TestRecord.Status status, List<String> texts, ObjectNode statistics, long durationMillis) {
        return new TestRecord(
                id(),
                suite,
                image.name(),
                variant.label(),
                image.imageName(),
                status,
                texts,
                statistics,
                durationMillis);
    }
}
