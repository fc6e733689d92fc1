package dev.pagewalk.tools.runner;

import dev.pagewalk.images.suite.Expectation;
import java.nio.file.Path;

/**
 * A guest image with what is expected of it.
 *
 * @param group the folder it stands in, for people
 * @param suite the folder's name relative to the path that was given, the same wherever the tests are run from
 * @param name the image's name without its ending
 * @param image the file, or a catalog name
 * @param expectationFile where golden counters are written; null for a guest of the catalog
 * @param expectation null where there is a problem
 * @param problem why the test cannot run, which makes it fail; empty where it can
 */
record TestCase(
        String group,
        String suite,
        String name,
        String image,
        Path expectationFile,
        Expectation expectation,
        String problem) {
    boolean isOfCatalog() {
        return expectationFile == null;
    }
}
