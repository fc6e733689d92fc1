package dev.pagewalk.tools.runner;

import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationException;
import dev.pagewalk.images.suite.ExpectationReader;
import dev.pagewalk.images.suite.MachineVariant;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An image with what is expected of it: {@code name.s} or {@code name.elf} with its {@code name.yaml} beside it.
 *
 * @param name the file's name without its ending
 * @param fileName the image's, or the expectation's where there is no image
 * @param expectation null where there is a problem
 * @param problem why the test cannot run, which makes it fail; empty where it can
 */
public record TestImage(ImageFolder folder, String name, String fileName, Expectation expectation, String problem) {
    static final String EXPECTATION_ENDING = ".yaml";

    /** The name of the test that a folder is which cannot be searched. */
    private static final String UNSEARCHABLE = "folder";

    private static final List<String> IMAGE_ENDINGS = List.of(".s", ".S", ".elf");

    /**
     * The tests of a folder, in the order of their names; one that cannot run, for want of an expectation or an image for
     * example, says why. A folder that cannot be searched is such a test itself.
     */
    public static List<TestImage> in(ImageFolder folder) {
        List<String> fileNames;
        try {
            fileNames = folder.fileNames();
        } catch (UserErrorException e) {
            return List.of(new TestImage(folder, UNSEARCHABLE, UNSEARCHABLE, null, e.getMessage()));
        }
        Map<String, List<String>> filesByStem = new TreeMap<>();
        for (String file : fileNames) {
            if (isPartOfTest(file)) {
                filesByStem
                        .computeIfAbsent(stem(file), stem -> new ArrayList<>())
                        .add(file);
            }
        }
        List<TestImage> images = new ArrayList<>();
        filesByStem.forEach((name, files) -> images.add(of(folder, name, files)));
        return images;
    }

    private static TestImage of(ImageFolder folder, String name, List<String> files) {
        String expectationFile = name + EXPECTATION_ENDING;
        List<String> images =
                files.stream().filter(file -> !file.equals(expectationFile)).toList();
        if (images.isEmpty()) {
            return broken(
                    folder,
                    name,
                    expectationFile,
                    "has no image beside it; " + name + ".s or " + name + ".elf is missing");
        }
        String image = images.get(0);
        if (images.size() > 1) {
            return broken(
                    folder,
                    name,
                    image,
                    images.stream().skip(1).collect(Collectors.joining(" and "))
                            + " would be a test of the same name; rename one of them");
        }
        if (!files.contains(expectationFile)) {
            return broken(folder, name, image, "has no expectations; write them into " + expectationFile);
        }
        try {
            return new TestImage(folder, name, image, folder.expectation(expectationFile), "");
        } catch (ExpectationException | UserErrorException e) {
            return new TestImage(folder, name, image, null, e.getMessage());
        }
    }

    private static TestImage broken(ImageFolder folder, String name, String fileName, String problem) {
        return new TestImage(folder, name, fileName, null, folder.imageName(fileName) + ": " + problem);
    }

    /** Whether a file is an image or an expectation by its name. */
    public static boolean isPartOfTest(String fileName) {
        boolean isExpectation =
                fileName.endsWith(EXPECTATION_ENDING) && !fileName.equals(ExpectationReader.DEFAULTS_FILE);
        boolean isImage = IMAGE_ENDINGS.stream().anyMatch(fileName::endsWith);
        return (isExpectation || isImage) && !stem(fileName).isBlank();
    }

    /** The name of the test that a file belongs to. */
    public static String stem(String fileName) {
        return fileName.substring(0, fileName.lastIndexOf('.'));
    }

    /** How {@code boot} and {@code test} call it. */
    public String imageName() {
        return folder.imageName(fileName);
    }

    public Set<String> tags() {
        return expectation == null ? Set.of() : expectation.tags();
    }

    /** The machines that it runs on; one, of which nothing is known, where there is a problem. */
    public List<MachineVariant> variants() {
        return expectation == null ? List.of(new MachineVariant("", Map.of(), Map.of())) : expectation.variants();
    }
}
