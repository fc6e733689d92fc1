package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.runner.BuiltInSuites;
import dev.pagewalk.tools.runner.ClassPathFolder;
import dev.pagewalk.tools.runner.HostFolder;
import dev.pagewalk.tools.runner.ImageFolder;
import java.io.File;
import java.nio.file.Path;
import org.junit.platform.commons.util.ClassLoaderUtils;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClasspathResourceSource;
import org.junit.platform.engine.support.descriptor.DirectorySource;

/**
 * Selects one folder of images, without those below it.
 *
 * @param suite what reports are to call it
 */
record FolderSelector(ImageFolder folder, String suite) implements DiscoverySelector {
    private static final String HOST_SEGMENT = "folder";
    private static final String CLASS_PATH_SEGMENT = "resource";
    private static final String BUILT_IN_SEGMENT = "suite";

    /**
     * A folder of the host.
     *
     * @param start where the search began, by which reports call the folder
     */
    static FolderSelector ofHost(Path start, Path folder) {
        Path from = start.toAbsolutePath().normalize();
        Path to = folder.toAbsolutePath().normalize();
        String suite = to.startsWith(from) && !to.equals(from)
                ? from.relativize(to).toString().replace(File.separatorChar, '/')
                : lastName(to);
        Path plain = folder.normalize();
        return new FolderSelector(new HostFolder(plain.toString().isEmpty() ? Path.of(".") : plain), suite);
    }

    private static String lastName(Path folder) {
        return folder.getFileName() == null ? "root" : folder.getFileName().toString();
    }

    static FolderSelector ofClassPath(String resource) {
        return new FolderSelector(new ClassPathFolder(ClassLoaderUtils.getDefaultClassLoader(), resource), resource);
    }

    /** A suite that comes with Pagewalk; null where there is none of that name. */
    static FolderSelector ofBuiltIn(String name) {
        return BuiltInSuites.find(name)
                .map(folder -> new FolderSelector(folder, name))
                .orElse(null);
    }

    /** The folder that a unique id's segment names; null where there is none. */
    static FolderSelector of(UniqueId.Segment segment) {
        return switch (segment.getType()) {
            case HOST_SEGMENT -> ofHost(Path.of(segment.getValue()), Path.of(segment.getValue()));
            case CLASS_PATH_SEGMENT -> ofClassPath(segment.getValue());
            case BUILT_IN_SEGMENT -> ofBuiltIn(segment.getValue());
            default -> null;
        };
    }

    /** This folder's place below the engine. */
    UniqueId idBelow(UniqueId engine) {
        return engine.append(segment(), folder.name());
    }

    private String segment() {
        if (folder instanceof HostFolder) {
            return HOST_SEGMENT;
        }
        return folder instanceof ClassPathFolder ? CLASS_PATH_SEGMENT : BUILT_IN_SEGMENT;
    }

    /** Where JUnit's tools find it; null where they cannot. */
    TestSource source() {
        if (folder instanceof HostFolder host) {
            return DirectorySource.from(host.path().toFile());
        }
        return folder instanceof ClassPathFolder classPath ? ClasspathResourceSource.from(classPath.resource()) : null;
    }
}
