package dev.pagewalk.images.conformance;

import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.elf.ElfImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The guests that check the instructions, one for each, named by its mnemonic: {@code test conformance} runs them. */
public final class ConformanceSuite {
    private static final String FRAME = "frame.s";
    private static final Map<String, CaseSource> ROWS = Specification.rows();

    private ConformanceSuite() {}

    /** The instructions' mnemonics in the manual's order: lower-case letters, digits and dots. */
    public static List<String> names() {
        return List.copyOf(ROWS.keySet());
    }

    /** The assembly source of the guest called {@code name}, always the same; empty where there is none. */
    public static Optional<String> source(String name) {
        return cases(name).map(cases -> ProgramWriter.write(name, frame(), cases));
    }

    /** What it must do: YAML as {@link dev.pagewalk.images.suite} reads it; empty as above. */
    public static Optional<String> expectation(String name) {
        return cases(name)
                .map(cases -> "expect:\n  exit: 0\n  console: \""
                        + ProgramWriter.passedText(name, cases.size()).replace("\n", "\\n") + "\"\n");
    }

    /** The guest called {@code name}, assembled; empty as above. */
    public static Optional<ElfImage> image(String name) {
        return source(name).map(source -> assemble(name, source));
    }

    /** How many cases check the instruction called {@code name}; 0 where there is none. */
    public static int caseCount(String name) {
        return cases(name).map(List::size).orElse(0);
    }

    private static Optional<List<Case>> cases(String name) {
        return Optional.ofNullable(ROWS.get(name)).map(row -> row.of(name));
    }

    private static ElfImage assemble(String name, String source) {
        try {
            return Assembler.assemble(name + ".s", source);
        } catch (AssemblyException e) {
            throw new IllegalStateException("a conformance guest does not assemble: " + e.getMessage(), e);
        }
    }

    private static String frame() {
        try (InputStream stream = ConformanceSuite.class.getResourceAsStream(FRAME)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
