package dev.pagewalk.tools.runner;

import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.images.suite.ExpectationReader;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds test images below paths: each {@code name.s} or {@code name.elf} with its {@code name.yaml} beside it. */
final class SuiteFinder {
    private static final List<String> IMAGE_ENDINGS = List.of(".s", ".S", ".elf");
    private static final String EXPECTATION_ENDING = ".yaml";

    private SuiteFinder() {}

    /**
     * The tests below a path, in the order of their names; one that cannot run, for want of an expectation or an image
     * for example, says why.
     *
     * @param path a folder, an image, or {@code catalog} for the guests that come with Pagewalk
     * @throws UserErrorException where the path does not exist or cannot be searched
     */
    static List<TestCase> find(String path) throws UserErrorException {
        Path start = Path.of(path);
        if (!Files.exists(start)) {
            if (path.equals("catalog")) {
                return catalog();
            }
            throw new UserErrorException(ExitStatus.USAGE, path + ": no such folder or image");
        }
        List<TestCase> found = new ArrayList<>();
        for (Path file : files(start)) {
            if (isImage(file)) {
                found.add(test(start, file));
            } else if (isExpectation(file) && !hasImage(file)) {
                String stem = stem(file);
                found.add(broken(
                        start,
                        file,
                        file,
                        file + ": has no image beside it; " + stem + ".s or " + stem + ".elf is missing"));
            }
        }
        return found;
    }

    private static List<TestCase> catalog() {
        List<TestCase> tests = new ArrayList<>();
        for (String name : ImageCatalog.names()) {
            String text = ImageCatalog.expectation(name).orElseThrow();
            try {
                Expectation expectation = ExpectationReader.parse(name + EXPECTATION_ENDING, text, Path.of(""));
                tests.add(new TestCase("catalog", "catalog", name, name, null, expectation, ""));
            } catch (ExpectationException e) {
                throw new IllegalStateException("the catalog's own expectation cannot be used", e);
            }
        }
        return tests;
    }

    private static List<Path> files(Path start) throws UserErrorException {
        try (Stream<Path> paths = Files.walk(start)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw unsearchable(start, e.getCause());
        } catch (IOException e) {
            throw unsearchable(start, e);
        }
    }

    private static UserErrorException unsearchable(Path start, IOException e) {
        String place = e instanceof FileSystemException file && file.getFile() != null ? file.getFile() : "" + start;
        return new UserErrorException(ExitStatus.USAGE, place + ": cannot be searched: " + HostFiles.reason(e));
    }

    private static TestCase test(Path start, Path image) {
        Path expectationFile = image.resolveSibling(stem(image) + EXPECTATION_ENDING);
        if (!Files.exists(expectationFile)) {
            String problem = image + ": has no expectations; write them into " + expectationFile.getFileName();
            return broken(start, image, expectationFile, problem);
        }
        try {
            Expectation expectation = ExpectationReader.read(expectationFile);
            return new TestCase(
                    group(image), suite(start, image), stem(image), image.toString(), expectationFile, expectation, "");
        } catch (ExpectationException e) {
            return broken(start, image, expectationFile, e.getMessage());
        }
    }

    private static TestCase broken(Path start, Path file, Path expectationFile, String problem) {
        return new TestCase(
                group(file), suite(start, file), stem(file), file.toString(), expectationFile, null, problem);
    }

    private static String group(Path file) {
        Path folder = file.getParent();
        return folder == null ? "." : folder.toString();
    }

    private static String suite(Path start, Path file) {
        Path given = start.toAbsolutePath().normalize();
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder.startsWith(given) && !folder.equals(given)) {
            return given.relativize(folder).toString().replace(File.separatorChar, '/');
        }
        Path name = folder.getFileName();
        return name == null ? "root" : name.toString();
    }

    private static boolean hasImage(Path expectationFile) {
        String stem = stem(expectationFile);
        return IMAGE_ENDINGS.stream().anyMatch(ending -> Files.exists(expectationFile.resolveSibling(stem + ending)));
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString();
        return IMAGE_ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static boolean isExpectation(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(EXPECTATION_ENDING) && !name.equals(ExpectationReader.DEFAULTS_FILE);
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }
}
