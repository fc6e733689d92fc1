package dev.pagewalk.tools.runner;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.images.suite.ExpectationReader;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.ImageSource;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder of the host.
 *
 * @param path as the user gave it, or below that
 */
public record HostFolder(Path path) implements ImageFolder {
    /**
     * The folders at and below a path that have files, or cannot be searched, in their order. The path itself may be a
     * link; links below it are not followed.
     *
     * @throws UserErrorException USAGE where the path cannot be searched
     */
    public static List<Path> below(Path start) throws UserErrorException {
        TreeSet<Path> folders = new TreeSet<>();
        try {
            Files.walkFileTree(start.resolve("."), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        folders.add(folderOf(file).normalize());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (file.normalize().equals(start.normalize())) {
                        throw e;
                    }
                    if (Files.isDirectory(file)) {
                        folders.add(file.normalize());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                    if (e != null) {
                        folders.add(folder.normalize());
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw unsearchable(start, e);
        }
        return List.copyOf(folders);
    }

    /** The folder that a file stands in; {@code .} where its path names none. */
    public static Path folderOf(Path file) {
        Path folder = file.getParent();
        return folder == null ? Path.of(".") : folder;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public List<String> fileNames() throws UserErrorException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw unsearchable(path, e.getCause());
        } catch (IOException e) {
            throw unsearchable(path, e);
        }
    }

    @Override
    public Expectation expectation(String fileName) throws ExpectationException {
        return ExpectationReader.read(path.resolve(fileName));
    }

    @Override
    public ElfImage image(String fileName) throws UserErrorException {
        return ImageSource.loadFile(imageName(fileName));
    }

    @Override
    public String imageName(String fileName) {
        return path.equals(Path.of(".")) ? fileName : path.resolve(fileName).toString();
    }

    @Override
    public String testPath(String fileName) {
        return imageName(fileName);
    }

    @Override
    public Optional<Path> writable(String fileName) {
        return Optional.of(path.resolve(fileName));
    }

    private static UserErrorException unsearchable(Path start, IOException e) {
        String place = e instanceof FileSystemException file && file.getFile() != null ? file.getFile() : "" + start;
        return new UserErrorException(ExitStatus.USAGE, place + ": cannot be searched: " + HostFiles.reason(e));
    }
}
