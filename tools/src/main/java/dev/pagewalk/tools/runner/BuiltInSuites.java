package dev.pagewalk.tools.runner;

import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.conformance.ConformanceSuite;
import dev.pagewalk.tools.run.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The suites that come with Pagewalk, which {@code test} knows by name. */
public final class BuiltInSuites {
    private static final List<ImageFolder> FOLDERS = List.of(
            new BuiltInFolder("catalog", "", ImageCatalog::names, ImageCatalog::expectation),
            new BuiltInFolder(
                    "conformance",
                    ImageSource.CONFORMANCE_PREFIX,
                    ConformanceSuite::names,
                    ConformanceSuite::expectation));

    private BuiltInSuites() {}

    /** The suite that a path of a command line names; none where it names a file of the host, or no such suite. */
    public static Optional<ImageFolder> at(String path) {
        return find(path).filter(suite -> !Files.exists(Path.of(path)));
    }

    /** The suite called {@code name}; none where there is no such suite. */
    public static Optional<ImageFolder> find(String name) {
        return FOLDERS.stream().filter(folder -> folder.name().equals(name)).findFirst();
    }
}
