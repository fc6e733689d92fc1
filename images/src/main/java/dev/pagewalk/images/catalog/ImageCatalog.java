package dev.pagewalk.images.catalog;

import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ImageFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The named guests: {@code boot NAME} looks here first, and {@code images} lists them. */
public final class ImageCatalog {
    private static final String INDEX = "index.txt";
    private static final String ELF_ENDING = ".elf";
    private static final String SOURCE_ENDING = ".s";

    private ImageCatalog() {}

    /**
     * A guest of the catalog.
     *
     * @param name lower-case letters, digits and hyphens
     * @param description one sentence
     */
    public record Entry(String name, String description) {}

    /** All guests, by name. */
    public static List<Entry> entries() {
        return names().stream().map(name -> new Entry(name, description(name))).toList();
    }

    /** The guests' names in alphabetical order. */
    public static List<String> names() {
        return resource(INDEX).lines().filter(line -> !line.isBlank()).toList();
    }

    /** The assembly source of the guest called {@code name}; empty where the catalog has none, and for guests in C. */
    public static Optional<String> source(String name) {
        return names().contains(name) && !isCompiled(name)
                ? Optional.of(resource(sourceFileName(name)))
                : Optional.empty();
    }

    /** The expectation file beside the source: YAML as {@link dev.pagewalk.images.suite} reads it; empty as above. */
    public static Optional<String> expectation(String name) {
        return names().contains(name) ? Optional.of(resource(name + ".yaml")) : Optional.empty();
    }

    /** The guest called {@code name}, assembled or as the compiler made it; empty where the catalog has none. */
    public static Optional<ElfImage> image(String name) {
        if (!names().contains(name)) {
            return Optional.empty();
        }
        return Optional.of(isCompiled(name) ? read(name) : assemble(name, resource(sourceFileName(name))));
    }

    private static ElfImage read(String name) {
        try {
            return ElfReader.read(bytes(name + ELF_ENDING));
        } catch (ImageFormatException e) {
            throw new IllegalStateException("a guest of the catalog cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static ElfImage assemble(String name, String source) {
        try {
            return Assembler.assemble(sourceFileName(name), source);
        } catch (AssemblyException e) {
            throw new IllegalStateException("a guest of the catalog does not assemble: " + e.getMessage(), e);
        }
    }

    /** The first line of a source is {@code # NAME: DESCRIPTION}, in C {@code // NAME: DESCRIPTION}. */
    private static String description(String name) {
        String firstLine = resource(sourceFileName(name)).lines().findFirst().orElse("");
        String prefix = (isCompiled(name) ? "// " : "# ") + name + ": ";
        if (!firstLine.startsWith(prefix)) {
            throw new IllegalStateException(sourceFileName(name) + " does not begin with '" + prefix + "'");
        }
        return firstLine.substring(prefix.length());
    }

    private static String sourceFileName(String name) {
        return name + (isCompiled(name) ? ".c" : SOURCE_ENDING);
    }

    /**
     * Whether the guest called {@code name} is written in C, so that the catalog has its ELF file too. The other guests are asked for
     * what they have: what nobody has is looked for in all of the class path, which takes longer than to assemble them.
     */
    private static boolean isCompiled(String name) {
        return ImageCatalog.class.getResource(name + SOURCE_ENDING) == null;
    }

    private static String resource(String fileName) {
        return new String(bytes(fileName), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String fileName) {
        try (InputStream stream = ImageCatalog.class.getResourceAsStream(fileName)) {
            if (stream == null) {
                throw new IllegalStateException("the catalog lacks " + fileName);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
