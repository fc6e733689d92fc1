package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.ClassPathFolder;
import dev.pagewalk.tools.runner.HostFolder;
import dev.pagewalk.tools.runner.TestImage;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.commons.util.ClassLoaderUtils;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClasspathResourceSelector;
import org.junit.platform.engine.discovery.DirectorySelector;
import org.junit.platform.engine.discovery.FileSelector;
import org.junit.platform.engine.discovery.UniqueIdSelector;
import org.junit.platform.engine.discovery.UriSelector;
import org.junit.platform.engine.support.discovery.SelectorResolver;

/** Turns what JUnit's selectors choose into folders, images and machines, and those into nodes of the engine's tree. */
final class ImageResolver implements SelectorResolver {
    /** Of the URIs that name what comes with Pagewalk: {@code pagewalk:catalog}. */
    private static final String SCHEME = "pagewalk";

    @Override
    public Resolution resolve(DirectorySelector selector, Context context) {
        Path start = selector.getPath();
        try {
            return selectors(ordered(HostFolder.below(start), folder -> FolderSelector.ofHost(start, folder)));
        } catch (UserErrorException e) {
            throw new JUnitException(e.getMessage(), e);
        }
    }

    @Override
    public Resolution resolve(FileSelector selector, Context context) {
        Path file = selector.getPath();
        String name = file.getFileName().toString();
        if (!TestImage.isPartOfTest(name)) {
            return Resolution.unresolved();
        }
        Path folder = HostFolder.folderOf(file);
        return selectors(Set.of(new ImageSelector(FolderSelector.ofHost(folder, folder), TestImage.stem(name))));
    }

    @Override
    public Resolution resolve(ClasspathResourceSelector selector, Context context) {
        String resource = selector.getClasspathResourceName().replaceAll("/+$", "");
        int slash = resource.lastIndexOf('/');
        String name = resource.substring(slash + 1);
        if (TestImage.isPartOfTest(name)) {
            FolderSelector folder = FolderSelector.ofClassPath(slash < 0 ? "" : resource.substring(0, slash));
            return selectors(Set.of(new ImageSelector(folder, TestImage.stem(name))));
        }
        try {
            List<String> folders = ClassPathFolder.below(ClassLoaderUtils.getDefaultClassLoader(), resource);
            return selectors(ordered(folders, FolderSelector::ofClassPath));
        } catch (UserErrorException e) {
            throw new JUnitException(e.getMessage(), e);
        }
    }

    @Override
    public Resolution resolve(UriSelector selector, Context context) {
        URI uri = selector.getUri();
        FolderSelector folder =
                SCHEME.equals(uri.getScheme()) ? FolderSelector.ofBuiltIn(uri.getSchemeSpecificPart()) : null;
        return folder == null ? Resolution.unresolved() : selectors(Set.of(folder));
    }

    @Override
    public Resolution resolve(UniqueIdSelector selector, Context context) {
        List<UniqueId.Segment> segments = selector.getUniqueId().getSegments();
        FolderSelector folder = segments.size() < 2 ? null : FolderSelector.of(segments.get(1));
        if (folder == null || segments.size() > 4) {
            return Resolution.unresolved();
        }
        if (segments.size() == 2) {
            return selectors(Set.of(folder));
        }
        ImageSelector image = new ImageSelector(folder, segments.get(2).getValue());
        return selectors(Set.of(
                segments.size() == 3
                        ? image
                        : new MachineSelector(image, segments.get(3).getValue())));
    }

    @Override
    public Resolution resolve(DiscoverySelector selector, Context context) {
        if (selector instanceof FolderSelector folder) {
            return context.addToParent(engine -> folderNode(folder, (EngineNode) engine))
                    .map(node -> Resolution.match(Match.exact(
                            node, () -> ordered(node.imageNames(), name -> new ImageSelector(folder, name)))))
                    .orElseGet(Resolution::unresolved);
        }
        if (selector instanceof ImageSelector image) {
            return context.addToParent(image::folder, folder -> ((FolderNode) folder).imageNode(image.name()))
                    .map(node -> Resolution.match(Match.exact(node, () -> machines(image, node))))
                    .orElseGet(Resolution::unresolved);
        }
        if (selector instanceof MachineSelector machine) {
            return context.addToParent(machine::image, image -> machineNode(image, machine.label()))
                    .map(node -> Resolution.match(Match.exact(node)))
                    .orElseGet(Resolution::unresolved);
        }
        return Resolution.unresolved();
    }

    private static Optional<FolderNode> folderNode(FolderSelector folder, EngineNode engine) {
        List<TestImage> images = TestImage.in(folder.folder());
        UniqueId id = folder.idBelow(engine.getUniqueId());
        return images.isEmpty()
                ? Optional.empty()
                : Optional.of(new FolderNode(id, folder, engine.suite(id, folder.suite()), images));
    }

    private static Set<MachineSelector> machines(ImageSelector image, TestDescriptor node) {
        return node instanceof MatrixNode matrix
                ? ordered(matrix.labels(), label -> new MachineSelector(image, label))
                : Set.of();
    }

    private static Optional<TestDescriptor> machineNode(TestDescriptor image, String label) {
        return image instanceof MatrixNode matrix ? matrix.machineNode(label) : Optional.empty();
    }

    private static Resolution selectors(Set<? extends DiscoverySelector> selectors) {
        return selectors.isEmpty() ? Resolution.unresolved() : Resolution.selectors(selectors);
    }

    private static <T, S extends DiscoverySelector> Set<S> ordered(Collection<T> items, Function<T, S> selector) {
        Set<S> selectors = new LinkedHashSet<>();
        items.forEach(item -> selectors.add(selector.apply(item)));
        return selectors;
    }
}
