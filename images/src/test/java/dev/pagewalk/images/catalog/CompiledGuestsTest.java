package dev.pagewalk.images.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pagewalk.images.ExternalTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guests in C lie beside their sources as ELF files; these are what the recipe makes of those. */
class CompiledGuestsTest {
    private static final Path CATALOG = Path.of("src/main/resources/dev/pagewalk/images/catalog");
    private static final String RECIPE =
            Path.of("build-guests").toAbsolutePath().toString();
    private static final String[] COMPILERS = {"riscv64-linux-gnu-gcc", "riscv64-unknown-elf-gcc"};
    private static final String VERSIONS = "compiler.txt";
    private static final long MOST_BYTES = 40 << 10;

    @Test
    void theRecipeMakesTheVeryBytes(@TempDir Path folder) throws Exception {
        ExternalTool.require(COMPILERS);

        ExternalTool.run(folder, RECIPE, folder.toString());

        assumeTheSameTools(folder.resolve(VERSIONS));
        assertThat(guests()).isNotEmpty();
        for (String name : guests()) {
            assertThat(folder.resolve(name))
                    .as("%s is not what %s makes of its source", name, RECIPE)
                    .hasSameBinaryContentAs(CATALOG.resolve(name));
        }
    }

    @Test
    void whereTheSourcesLieMakesNoDifference(@TempDir Path folder) throws Exception {
        ExternalTool.require(COMPILERS);
        Path elsewhere = folder.resolve("a folder");
        Path sources = Files.createDirectories(elsewhere.resolve(CATALOG));
        try (Stream<Path> files = Files.list(CATALOG)) {
            for (Path file : files.filter(file -> file.toString().matches(".*\\.(c|h|ld)"))
                    .toList()) {
                Files.copy(file, sources.resolve(file.getFileName()));
            }
        }
        Path recipe = Files.copy(Path.of(RECIPE), elsewhere.resolve("build-guests"));
        assertThat(recipe.toFile().setExecutable(true)).isTrue();

        ExternalTool.run(folder, recipe.toString());

        assumeTheSameTools(sources.resolve(VERSIONS));
        for (String name : guests()) {
            assertThat(sources.resolve(name)).hasSameBinaryContentAs(CATALOG.resolve(name));
        }
    }

    @Test
    void theyAreSmallAndNameNoFolderOfTheHost() throws Exception {
        for (String name : guests()) {
            byte[] bytes = Files.readAllBytes(CATALOG.resolve(name));
            assertThat(bytes.length).as(name).isLessThan((int) MOST_BYTES);
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                    .as(name)
                    .contains(name.replace(".elf", ".c"))
                    .doesNotContain("/usr", "/home", "/tmp", "catalog");
        }
    }

    private static List<String> guests() throws IOException {
        try (Stream<Path> files = Files.list(CATALOG)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".elf"))
                    .sorted()
                    .toList();
        }
    }

    /** Other versions make other code, which is as good; but the expectations count these ones' cycles. */
    private static void assumeTheSameTools(Path versions) throws Exception {
        assumeThat(Files.readString(versions))
                .as("other tools than those of " + VERSIONS)
                .isEqualTo(Files.readString(CATALOG.resolve(VERSIONS)));
    }
}
