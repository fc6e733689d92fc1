package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.TestImage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.hierarchical.Node;

/** A folder of images. */
final class FolderNode extends AbstractTestDescriptor implements Node<RunContext> {
    private final String suite;
    private final Map<String, TestImage> imagesByName = new LinkedHashMap<>();

    /** @param suite what reports call it */
    FolderNode(UniqueId uniqueId, FolderSelector folder, String suite, List<TestImage> images) {
        super(uniqueId, folder.folder().name(), folder.source());
        this.suite = suite;
        images.forEach(image -> imagesByName.put(image.name(), image));
    }

    @Override
    public Type getType() {
        return Type.CONTAINER;
    }

    @Override
    public String getLegacyReportingName() {
        return suite;
    }

    Collection<String> imageNames() {
        return imagesByName.keySet();
    }

    /** The node of an image, not yet among this one's children; none where there is no such image. */
    Optional<TestDescriptor> imageNode(String name) {
        TestImage image = imagesByName.get(name);
        if (image == null) {
            return Optional.empty();
        }
        UniqueId id = getUniqueId().append(ImageSelector.SEGMENT, name);
        List<TestCase> cases = TestCase.of(suite, image);
        boolean isOne = cases.size() == 1 && cases.get(0).variant().label().isEmpty();
        return Optional.of(isOne ? new TestNode(id, cases.get(0)) : new MatrixNode(id, image, cases));
    }
}
