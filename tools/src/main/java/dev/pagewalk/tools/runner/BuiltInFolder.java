package dev.pagewalk.tools.runner;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.images.suite.ExpectationReader;
import dev.pagewalk.tools.run.ImageSource;
import dev.pagewalk.tools.run.UserErrorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Guests that come with Pagewalk, as if they stood in a folder.
 *
 * @param imagePrefix before the name of a guest, where {@code boot} takes it
 * @param guests their names
 * @param expectations the text of the expectation for a name
 */
record BuiltInFolder(
        String name, String imagePrefix, Supplier<List<String>> guests, Function<String, Optional<String>> expectations)
        implements ImageFolder {
    /** Nobody sees it: {@code boot} takes the names without. */
    private static final String IMAGE_ENDING = ".elf";

    @Override
    public List<String> fileNames() {
        List<String> names = new ArrayList<>();
        for (String guest : guests.get()) {
            names.add(guest + IMAGE_ENDING);
            names.add(guest + TestImage.EXPECTATION_ENDING);
        }
        return names;
    }

    @Override
    public Expectation expectation(String fileName) throws ExpectationException {
        String text = expectations.apply(TestImage.stem(fileName)).orElseThrow();
        return ExpectationReader.parse(fileName, text, Path.of(""));
    }

    @Override
    public ElfImage image(String fileName) throws UserErrorException {
        return ImageSource.load(imageName(fileName));
    }

    @Override
    public String imageName(String fileName) {
        return imagePrefix + TestImage.stem(fileName);
    }

    @Override
    public String testPath(String fileName) {
        return name;
    }

    @Override
    public Optional<Path> writable(String fileName) {
        return Optional.empty();
    }
}
