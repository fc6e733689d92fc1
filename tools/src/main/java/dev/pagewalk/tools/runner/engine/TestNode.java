package dev.pagewalk.tools.runner.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.ClassPathFolder;
import dev.pagewalk.tools.runner.GoldenUpdate;
import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.TestFailure;
import dev.pagewalk.tools.runner.TestImage;
import dev.pagewalk.tools.runner.TestOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.ClasspathResourceSource;
import org.junit.platform.engine.support.descriptor.FileSource;
import org.junit.platform.engine.support.hierarchical.Node;
import org.opentest4j.AssertionFailedError;

/** One image on one machine: a test. */
final class TestNode extends AbstractTestDescriptor implements Node<RunContext> {
    private final TestCase test;
    private final GoldenUpdate goldenUpdate;

    /** The only test of its image. */
    TestNode(UniqueId uniqueId, TestCase test) {
        this(uniqueId, test, new GoldenUpdate(test.image()));
    }

    /** @param goldenUpdate that of the image, with the image's other tests */
    TestNode(UniqueId uniqueId, TestCase test, GoldenUpdate goldenUpdate) {
        super(uniqueId, test.title(), source(test.image()));
        this.test = test;
        this.goldenUpdate = goldenUpdate;
    }

    /** The image's file, where it is one that JUnit's tools can open; else null. */
    static TestSource source(TestImage image) {
        if (image.folder() instanceof ClassPathFolder) {
            return ClasspathResourceSource.from(image.imageName());
        }
        return image.folder()
                .writable(image.fileName())
                .map(path -> FileSource.from(path.toFile()))
                .orElse(null);
    }

    static Set<TestTag> tags(TestImage image) {
        return image.tags().stream().map(TestTag::create).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Type getType() {
        return Type.TEST;
    }

    /** Reports that know no folders tell tests of one name apart by it. */
    @Override
    public String getLegacyReportingName() {
        return test.id();
    }

    @Override
    public Set<TestTag> getTags() {
        return tags(test.image());
    }

    TestCase test() {
        return test;
    }

    @Override
    public SkipResult shouldBeSkipped(RunContext context) {
        return context.leavesOut(this) ? SkipResult.skip(TestCase.LEFT_OUT) : SkipResult.doNotSkip();
    }

    @Override
    public void nodeSkipped(RunContext context, TestDescriptor descriptor, SkipResult result) {
        context.monitor().finished(getUniqueId(), test.leftOut());
    }

    @Override
    public RunContext execute(RunContext context, DynamicTestExecutor dynamicTests) {
        context.monitor().started(getUniqueId());
        TestOutcome outcome = context.run(test);
        if (outcome.passed() && context.options().updatesGolden()) {
            outcome = updateGolden(outcome);
        }
        context.monitor().finished(getUniqueId(), outcome.asRecord());
        if (outcome.statistics() != null) {
            context.listener().reportingEntryPublished(this, ReportEntry.from(counters(outcome.statistics())));
        }
        if (!outcome.passed()) {
            context.failed(this);
            throw error(outcome);
        }
        return context;
    }

    private TestOutcome updateGolden(TestOutcome outcome) {
        try {
            goldenUpdate.add(outcome);
            return outcome;
        } catch (UserErrorException e) {
            return outcome.failedToo(e.getMessage());
        }
    }

    /** What a person wants to see beside a test's result. */
    private static Map<String, String> counters(ObjectNode statistics) {
        Map<String, String> counters = new LinkedHashMap<>();
        for (String name : new String[] {"exit", "cycles", "instructions"}) {
            counters.put(name, statistics.get(name).asText());
        }
        return counters;
    }

    /** Without a stack trace: the cause is in the guest, not in the engine. */
    private static AssertionFailedError error(TestOutcome outcome) {
        String text = String.join("\n", outcome.texts());
        TestFailure first = outcome.failures().get(0);
        AssertionFailedError error =
                first.expected() == null || outcome.failures().size() > 1
                        ? new AssertionFailedError(text)
                        : new AssertionFailedError(text, first.expected(), first.actual());
        error.setStackTrace(new StackTraceElement[0]);
        return error;
    }
}
