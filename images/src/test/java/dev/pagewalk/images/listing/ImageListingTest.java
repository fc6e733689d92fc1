package dev.pagewalk.images.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ElfSegment;
import dev.pagewalk.images.elf.ElfSymbol;
import dev.pagewalk.images.elf.ElfWriter;
import dev.pagewalk.images.elf.ImageFormatException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageListingTest {
    static List<String> guests() {
        return ImageCatalog.names();
    }

    @ParameterizedTest
    @MethodSource("guests")
    void theListingOfAGuestAssemblesToTheSameImage(String name) throws Exception {
        ElfImage image = ImageCatalog.image(name).orElseThrow();
        if (ImageCatalog.source(name).isPresent()) {
            assertSameAfterListing(image);
        } else {
            // A linker puts symbols of its own at the ends of sections, where no source can say to which one they
            // belong.
            assertThat(memory(Assembler.assemble("listing.s", listing(image)))).isEqualTo(memory(image));
        }
    }

    @Test
    void sectionsAndSymbolsOfAllKindsSurvive() throws Exception {
        assertSameAfterListing(Assembler.assemble("mixed.s", """
                .text
                .globl _start
                .type _start, @function
                _start: j end
                .set inside, . - 2
                .byte 1, 2, 3
                odd: .byte 4
                .4byte 0xffffffff
                .size _start, . - _start
                end: bnez a0, 1f
                1: ret
                text_end:
                .section .rodata
                .asciz "text with \\"quotes\\", a \\\\ and\\ttabs\\n"
                .ascii "unterminated"
                .byte 0x80, 0xff
                .zero 100
                .8byte 0x123456789abcdef0, 1
                .section .extra,"aw"
                extra: .half 1, 2, 3
                .data
                value: .8byte 7
                .zero 4088
                data_end:
                .bss
                buffer: .space 100
                middle: .space 3
                bss_end:
                .set NUMBER, -5
                """));
    }

    @Test
    void instructionsOfBothLengthsAndWhatLiesAcrossThemSurvive() throws Exception {
        ElfImage image = Assembler.assemble("compressed.s", """
                .option rvc
                .text
                _start: li a0, 1
                call far
                loop: addi a0, a0, -1
                c.bnez a0, loop
                c.beqz a0, inside
                .set inside, . - 2
                li a1, 0x12345
                .2byte 0
                .byte 1
                odd: .byte 2, 3, 4
                .set middle, . + 2
                lui a0, 0x12345
                c.j _start
                far: mul a0, a0, a0
                ret
                .byte 0x13
                """);
        assertSameAfterListing(image);
        assertThat(listing(image)).contains("c.li    a0, 1", "c.bnez  a0, loop", "c.jr    ra", "jal", ".2byte  0x0000");
        assertThat(Assembler.assemble("listing.s", listing(image)).flags()).isEqualTo(image.flags());
    }

    @Test
    void anImageWithItsOwnAddressesKeepsThem() throws Exception {
        assertSameAfterListing(Assembler.assemble("placed.s", """
                .data
                .address 0x400010
                first: .byte 1, 2, 3
                .text
                .address 0x800000
                _start: j _start
                .section .more,"ax"
                .address 0x500004
                more: j more
                .section .rest,"awx",@nobits
                .address 0x600000
                .zero 10
                """));
    }

    @Test
    void aSegmentWithZerosBehindItsBytesKeepsItsLength() throws Exception {
        ElfImage image = ElfReader.read(ElfWriter.write(
                0x10000,
                List.of(
                        new ElfWriter.Section(".text", 0x10000, new byte[] {0x13, 0, 0, 0}, 4, false, true),
                        new ElfWriter.Section(".data", 0x11000, new byte[] {1, 2, 3}, 5000, true, false)),
                List.of(
                        new ElfSymbol("_start", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, true, ".text"),
                        new ElfSymbol("zeros", 0x11100, 8, ElfSymbol.Kind.OBJECT, false, ".data"))));

        assertSameAfterListing(image);
    }

    @Test
    void symbolsThatNoSourceCanDefineAreNamedInComments() throws Exception {
        ElfImage image = ElfReader.read(ElfWriter.write(
                0x10000,
                List.of(new ElfWriter.Section(".text", 0x10000, new byte[] {0x13, 0, 0, 0}, 4, false, true)),
                List.of(
                        new ElfSymbol("_start", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, true, ".text"),
                        new ElfSymbol("two words\n nop", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, false, ".text"),
                        new ElfSymbol("a0", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, false, ".text"))));

        String listing = listing(image);

        assertThat(listing)
                .contains("# left out: the symbol 0x10000 two words? nop", "# left out: the symbol 0x10000 a0");
        assertThat(memory(Assembler.assemble("listing.s", listing))).isEqualTo(memory(image));
    }

    @Test
    void arbitraryCodeAndDataSurvive() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] code = randomBytes(random);
            byte[] data = randomBytes(random);
            ElfImage image = ElfReader.read(ElfWriter.write(
                    0x10000,
                    List.of(
                            new ElfWriter.Section(".text", 0x10000, code, code.length, false, true),
                            new ElfWriter.Section(
                                    ".data", 0x20000 + random.nextInt(64), data, data.length, true, false)),
                    List.of(new ElfSymbol("_start", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, true, ".text"))));
            String listing = listing(image);
            assertThat(memory(Assembler.assemble("random.s", listing)))
                    .as("seed %d", seed)
                    .isEqualTo(memory(image));
        }
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(400)];
        random.nextBytes(bytes);
        for (int run = 0; run < 4; run++) {
            int start = random.nextInt(bytes.length);
            byte value = (byte) (random.nextBoolean() ? 0 : 'a' + random.nextInt(26));
            Arrays.fill(bytes, start, Math.min(bytes.length, start + random.nextInt(80)), value);
        }
        return bytes;
    }

    private static void assertSameAfterListing(ElfImage image)
            throws AssemblyException, ImageFormatException, IOException {
        ElfImage again = Assembler.assemble("listing.s", listing(image));

        assertThat(again.entryPoint()).isEqualTo(image.entryPoint());
        assertThat(memory(again)).isEqualTo(memory(image));
        assertThat(again.symbols()).containsExactlyInAnyOrderElementsOf(image.symbols());
    }

    private static String listing(ElfImage image) throws IOException {
        StringBuilder text = new StringBuilder();
        ImageListing.write(image, text);
        return text.toString();
    }

    /** What the loader makes of the image: per segment its place, rights and bytes. */
    private static List<String> memory(ElfImage image) {
        return image.segments().stream().map(ImageListingTest::memory).toList();
    }

    private static String memory(ElfSegment segment) {
        byte[] bytes = new byte[(int) segment.memorySizeBytes()];
        segment.bytes().get(bytes, 0, (int) segment.fileSizeBytes());
        return Long.toHexString(segment.virtualAddress()) + " " + segment.writable() + segment.executable() + " "
                + java.util.HexFormat.of().formatHex(bytes);
    }
}
