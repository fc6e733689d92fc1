package dev.pagewalk.tools.runner;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.tools.run.UserErrorException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Test images side by side, each with its expectation file: a folder of the host or of the class path, or one built in. */
public interface ImageFolder {
    /** How people call it: a path, or the name of a suite that is built in. */
    String name();

    /**
     * The names of the files in it, in their order.
     *
     * @throws UserErrorException USAGE where it cannot be searched
     */
    List<String> fileNames() throws UserErrorException;

    /**
     * What is expected of an image.
     *
     * @param fileName of the expectation, which is there
     * @throws ExpectationException where it cannot be used
     * @throws UserErrorException USAGE where it cannot be read
     */
    Expectation expectation(String fileName) throws ExpectationException, UserErrorException;

    /**
     * The image in a file.
     *
     * @throws UserErrorException as {@link dev.pagewalk.tools.run.ImageSource#loadFile}
     */
    ElfImage image(String fileName) throws UserErrorException;

    /** How {@code boot} and {@code test} call an image of this folder; what messages say about it begins with that. */
    String imageName(String fileName);

    /** What {@code test} takes to find an image: the file, or the name of the suite that holds it among others. */
    String testPath(String fileName);

    /** Where the expectation file stands on the host, if golden counters can be written into it. */
    Optional<Path> writable(String fileName);

    /** Whether {@code boot} and {@code test} find its images at all. */
    default boolean hasCommands() {
        return true;
    }
}
