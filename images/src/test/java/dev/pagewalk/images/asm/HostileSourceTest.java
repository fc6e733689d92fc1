package dev.pagewalk.images.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pagewalk.images.AllocatedMemory;
import dev.pagewalk.images.catalog.ImageCatalog;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileSourceTest {
    private static final int ROUNDS = 20_000;
    private static final long MAX_BYTES_PER_SOURCE = 48 << 20;

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".space 1 << 60",
                ".space -1",
                ".zero 0x7fffffffffffffff",
                ".align 60",
                ".balign 3",
                ".fill 1 << 40, 8, 1",
                ".fill 1 << 28, 8",
                ".zero 1 << 27\n.zero 1 << 27\n.zero 1",
                ".bss\n.space 1 << 29",
                ".comm a, 1 << 50",
                ".section .notes\n.space 1 << 50",
                ".byte .space",
            })
    void aBombEndsInOneErrorWithoutMemory(String source) {
        long before = AllocatedMemory.ofThisThread();
        assertThatExceptionOfType(AssemblyException.class)
                .isThrownBy(() -> Assembler.assemble("bomb.s", "_start: nop\n" + source + "\n"))
                .satisfies(e -> assertThat(e.errors()).hasSize(1));
        assertThat(AllocatedMemory.ofThisThread() - before).isLessThan(MAX_BYTES_PER_SOURCE);
    }

    @Test
    void deepNestingEndsInAnError() {
        for (String prefix : List.of("(", "-", "~", "!", "-(", "+")) {
            assertFails(".8byte " + prefix.repeat(100_000) + "1", "nested deeper than 200 levels");
        }
    }

    @Test
    void chainsOfDefinitionsAreComputedOnceOrRefused() throws AssemblyException {
        StringBuilder chain = new StringBuilder("_start: nop\n");
        for (int i = 0; i < 60; i++) {
            chain.append(".set s" + i + ", s" + (i + 1) + " + s" + (i + 1) + "\n");
        }
        String source = chain + ".set s60, 1\n.data\n.8byte s0\n";
        assertThat(Assembler.assemble("chain.s", source)
                        .segments()
                        .get(1)
                        .bytes()
                        .getLong())
                .isEqualTo(1L << 60);

        for (int i = 60; i < 100_000; i++) {
            chain.append(".set s" + i + ", s" + (i + 1) + "\n");
        }
        assertFails(chain + ".set s100000, 1\n.8byte s0", "leads back to itself, or through too many others");
    }

    @Test
    void aMillionLinesAreAssembled() throws AssemblyException {
        assertThat(Assembler.assemble("long.s", "_start:\n" + "nop\n".repeat(1_000_000))
                        .segments()
                        .get(0)
                        .fileSizeBytes())
                .isEqualTo(4_000_000);
    }

    @Test
    void damagedSourcesAreAssembledOrRefused() {
        List<String> sources = ImageCatalog.names().stream()
                .flatMap(name -> ImageCatalog.source(name).stream())
                .toList();
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            String source = random.nextInt(4) == 0 ? garbage(random) : damaged(random, sources);
            try {
                Assembler.assemble("damaged.s", source);
            } catch (AssemblyException e) {
                refused++;
                assertThat(e.errors()).as("seed %d", seed).isNotEmpty().allSatisfy(error -> {
                    assertThat(error.line()).isPositive();
                    assertThat(error.column()).isPositive();
                    assertThat(error.reason()).isNotBlank().doesNotContain("\n");
                });
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(refused).isBetween(ROUNDS / 4, ROUNDS - 1);
    }

    private static String garbage(Random random) {
        String[] words = {
            "_start:",
            "nop",
            "\n",
            "\n",
            ";",
            "(",
            ")",
            ",",
            "1",
            "0x",
            "1b",
            "2f",
            "1:",
            "%lo",
            "%pcrel_hi(",
            "a0",
            "sp",
            "addi",
            "ld",
            "li",
            "la",
            ".byte",
            ".align",
            ".section",
            ".set",
            ".equ",
            "x",
            "=",
            "\"",
            "'",
            "\\",
            "/*",
            "#",
            "<<",
            "-",
            "~",
            ".",
            ".space",
            ".fill",
            "amoadd.w.aq",
            "csrr",
            "fence",
            ".text",
            ".bss",
            "\u00e9",
            "\0",
            "@"
        };
        StringBuilder source = new StringBuilder();
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            source.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
        }
        return source.toString();
    }

    private static String damaged(Random random, List<String> sources) {
        StringBuilder source = new StringBuilder(sources.get(random.nextInt(sources.size())));
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(source.length());
            switch (random.nextInt(4)) {
                case 0 -> source.deleteCharAt(at);
                case 1 -> source.setCharAt(at, (char) (random.nextInt(96) + 32));
                case 2 -> source.insert(at, (char) random.nextInt(128));
                default -> source.delete(at, Math.min(source.length(), at + random.nextInt(40)));
            }
        }
        return source.toString();
    }

    private static void assertFails(String source, String reason) {
        assertThatExceptionOfType(AssemblyException.class)
                .isThrownBy(() -> Assembler.assemble("hostile.s", source + "\n"))
                .withMessageContaining(reason);
    }
}
