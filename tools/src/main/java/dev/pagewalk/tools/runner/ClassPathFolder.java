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
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A folder of the class path, unpacked or in a jar.
 *
 * @param loader finds it
 * @param resource {@code com/example/guests}: without a slash at its ends
 */
public record ClassPathFolder(ClassLoader loader, String resource) implements ImageFolder {
    /**
     * The folders at and below a resource that have files, in their order; none where there is no such resource.
     *
     * @throws UserErrorException USAGE where one cannot be searched
     */
    public static List<String> below(ClassLoader loader, String resource) throws UserErrorException {
        TreeSet<String> folders = new TreeSet<>();
        for (String file : new ClassPathFolder(loader, resource).filesBelow()) {
            int slash = file.lastIndexOf('/');
            folders.add(slash < 0 ? resource : resource + "/" + file.substring(0, slash));
        }
        return List.copyOf(folders);
    }

    @Override
    public String name() {
        return resource;
    }

    @Override
    public List<String> fileNames() throws UserErrorException {
        return filesBelow().stream().filter(file -> file.indexOf('/') < 0).toList();
    }

    /** The files below, {@code /} between the parts of their paths, in their order. */
    private List<String> filesBelow() throws UserErrorException {
        // Jars need not say which folders they have: then one above knows.
        String known = resource;
        while (loader.getResource(known) == null && known.indexOf('/') > 0) {
            known = known.substring(0, known.lastIndexOf('/'));
        }
        URL url = loader.getResource(known);
        String prefix = resource.equals(known) ? "" : resource.substring(known.length() + 1) + "/";
        try {
            if (url == null) {
                return List.of();
            }
            List<String> files = url.openConnection() instanceof JarURLConnection jar
                    ? filesInJar(jar)
                    : filesInFolder(Path.of(URI.create(url.toString())));
            return files.stream()
                    .filter(file -> file.startsWith(prefix))
                    .map(file -> file.substring(prefix.length()))
                    .toList();
        } catch (IOException e) {
            throw new UserErrorException(
                    ExitStatus.USAGE, "class-path folder " + resource + ": cannot be searched: " + HostFiles.reason(e));
        }
    }

    private static List<String> filesInFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> filesInJar(JarURLConnection connection) throws IOException {
        connection.setUseCaches(false);
        String folder = connection.getEntryName() + (connection.getEntryName().endsWith("/") ? "" : "/");
        try (JarFile jar = connection.getJarFile()) {
            return Collections.list(jar.entries()).stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(folder))
                    .map(name -> name.substring(folder.length()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public Expectation expectation(String fileName) throws ExpectationException, UserErrorException {
        boolean hasDefaults = loader.getResource(imageName(ExpectationReader.DEFAULTS_FILE)) != null;
        String defaults = hasDefaults ? text(ExpectationReader.DEFAULTS_FILE) : "";
        return ExpectationReader.parse(imageName(fileName), text(fileName), defaults, hostFolder());
    }

    private String text(String fileName) throws UserErrorException {
        return new String(bytes(fileName), StandardCharsets.UTF_8);
    }

    /** Where files that an expectation names are searched: beside it where it is unpacked. */
    private Path hostFolder() {
        URL url = loader.getResource(resource);
        return url != null && url.getProtocol().equals("file") ? Path.of(URI.create(url.toString())) : Path.of("");
    }

    @Override
    public ElfImage image(String fileName) throws UserErrorException {
        return ImageSource.parse(imageName(fileName), bytes(fileName));
    }

    private byte[] bytes(String fileName) throws UserErrorException {
        try (InputStream stream = loader.getResourceAsStream(imageName(fileName))) {
            if (stream == null) {
                throw new UserErrorException(
                        ExitStatus.NO_SUCH_IMAGE, imageName(fileName) + ": no such resource on the class path");
            }
            return ImageSource.readAll(stream, imageName(fileName));
        } catch (IOException e) {
            throw new UserErrorException(
                    ExitStatus.NOT_RUNNABLE, imageName(fileName) + ": cannot be read: " + HostFiles.reason(e));
        }
    }

    @Override
    public String imageName(String fileName) {
        return resource + "/" + fileName;
    }

    /** Commands have no class path. */
    @Override
    public boolean hasCommands() {
        return false;
    }

    @Override
    public String testPath(String fileName) {
        return imageName(fileName);
    }

    @Override
    public Optional<Path> writable(String fileName) {
        return Optional.empty();
    }
}
