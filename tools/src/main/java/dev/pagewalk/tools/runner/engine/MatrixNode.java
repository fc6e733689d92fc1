package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.runner.GoldenUpdate;
import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.TestImage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.hierarchical.Node;

/** An image that runs on several machines. */
final class MatrixNode extends AbstractTestDescriptor implements Node<RunContext> {
    private final TestImage image;
    private final List<TestCase> cases;
    private final GoldenUpdate goldenUpdate;

    MatrixNode(UniqueId uniqueId, TestImage image, List<TestCase> cases) {
        super(uniqueId, image.name(), TestNode.source(image));
        this.image = image;
        this.cases = cases;
        this.goldenUpdate = new GoldenUpdate(image);
    }

    @Override
    public Type getType() {
        return Type.CONTAINER;
    }

    @Override
    public Set<TestTag> getTags() {
        return TestNode.tags(image);
    }

    List<String> labels() {
        return cases.stream().map(test -> test.variant().label()).toList();
    }

    /** The node of a machine, not yet among this one's children; none where there is no such machine. */
    Optional<TestDescriptor> machineNode(String label) {
        return cases.stream()
                .filter(test -> test.variant().label().equals(label))
                .findFirst()
                .map(test -> new TestNode(getUniqueId().append(MachineSelector.SEGMENT, label), test, goldenUpdate));
    }
}
