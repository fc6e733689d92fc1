package dev.pagewalk.images.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageCatalogTest {
    private static final Path FOLDER = Path.of("src/main/resources/dev/pagewalk/images/catalog");

    static List<String> names() {
        return ImageCatalog.names();
    }

    @Test
    void theIndexNamesExactlyTheSourcesOfTheFolder() throws Exception {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> sources = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".s") || file.endsWith(".c"))
                    .map(file -> file.substring(0, file.length() - 2))
                    .sorted()
                    .toList();
            assertThat(ImageCatalog.names()).isEqualTo(sources).contains("hello");
        }
    }

    @Test
    void everyGuestHasADescriptionOfOneSentence() {
        assertThat(ImageCatalog.entries())
                .hasSameSizeAs(ImageCatalog.names())
                .allSatisfy(entry -> assertThat(entry.description()).matches("[a-z][^.]+\\."));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyGuestIsAnImageAndSaysWhatItMustDo(String name) throws Exception {
        assertThat(ImageCatalog.image(name)).isPresent();

        Expectation expectation = ExpectationReader.parse(
                name + ".yaml", ImageCatalog.expectation(name).orElseThrow(), FOLDER);
        assertThat(expectation.console().isPresent()
                        || expectation.consoleMatches().isPresent())
                .isTrue();
        assertThat(ExpectationReader.read(FOLDER.resolve(name + ".yaml")).exit())
                .isEqualTo(expectation.exit());
    }

    @Test
    void anUnknownNameGivesNothingAndAGuestInCNoAssemblySource() {
        assertThat(ImageCatalog.source("nothing")).isEmpty();
        assertThat(ImageCatalog.source("debug-tour")).isEmpty();
        assertThat(ImageCatalog.image("../hello")).isEmpty();
        assertThat(ImageCatalog.expectation("index")).isEmpty();
    }
}
