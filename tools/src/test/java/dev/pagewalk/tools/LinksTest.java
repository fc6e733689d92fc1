package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every file that the project's README files link to exists. */
class LinksTest {
    private static final String README = "README.md";
    private static final Pattern LINK = Pattern.compile("\\]\\(<?([^)\\s>]+)[^)]*\\)|(?m)^\\[[^\\]]+\\]:\\s*(\\S+)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*|#.*");

    @Test
    void linksLeadToFiles() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = here.endsWith("tools") ? here.getParent() : here;
        assumeTrue(Files.exists(root.resolve(README)) && Files.exists(root.resolve("tools")), "the source tree");
        List<Path> readmes = readmes(root);
        List<String> links = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (Path readme : readmes) {
            for (String link : links(Files.readString(readme))) {
                links.add(link);
                if (!Files.exists(readme.resolveSibling(link))) {
                    broken.add(root.relativize(readme) + ": " + link);
                }
            }
        }

        assertThat(readmes).as("that of the project and those of its modules").hasSizeGreaterThan(6);
        assertThat(links).contains("tools/README.md");
        assertThat(broken).isEmpty();
    }

    @Test
    void allFormsOfLinksAreFound() {
        assertThat(links("""
                        [a](b.md) ![c](d/e.png "title") [f](<g.md>) [h](i.md#part) [`j`](https://example.org/x.md)
                        [k](#part) [l](mailto:m)
                        [n]: o.md
                        """)).containsExactly("b.md", "d/e.png", "g.md", "i.md", "o.md");
    }

    private static List<Path> readmes(Path root) throws IOException {
        List<Path> readmes = new ArrayList<>(List.of(root.resolve(README)));
        try (var folders = Files.list(root)) {
            folders.map(folder -> folder.resolve(README))
                    .filter(Files::exists)
                    .sorted()
                    .forEach(readmes::add);
        }
        return readmes;
    }

    /** The targets of relative links, without the part of the file that is meant. */
    private static List<String> links(String text) {
        List<String> links = new ArrayList<>();
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            String link = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (!ELSEWHERE.matcher(link).matches()) {
                links.add(link.replaceFirst("#.*", ""));
            }
        }
        return links;
    }
}
