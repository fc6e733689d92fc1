package dev.pagewalk.images.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.ExternalTool;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSection;
import dev.pagewalk.images.elf.ElfSegment;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Assembles the same sources with the GNU tools, where they are installed, and compares every byte. */
class GnuAssemblerTest {
    private static final String PREFIX = "riscv64-linux-gnu-";
    private static final List<String> OWN_SOURCES = List.of("everything", "compressed");

    static Stream<String> sources() {
        Stream<String> guests = ImageCatalog.names().stream()
                .filter(name -> ImageCatalog.source(name).isPresent());
        return Stream.concat(OWN_SOURCES.stream(), guests);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void everySectionHasTheBytesThatTheGnuToolsMake(String name, @TempDir Path folder) throws Exception {
        ExternalTool.require(PREFIX + "as", PREFIX + "ld", PREFIX + "objcopy");
        String source = source(name);
        ElfImage ours = Assembler.assemble(name + ".s", source);
        Files.writeString(folder.resolve("source.s"), source);
        Files.writeString(folder.resolve("layout.ld"), layout(ours));
        ExternalTool.run(
                folder,
                PREFIX + "as",
                name.equals("compressed") ? "-march=rv64imac_zicsr_zifencei" : "-march=rv64ima_zicsr_zifencei",
                "-mabi=lp64",
                "-mno-relax",
                "-o",
                "gnu.o",
                "source.s");
        ExternalTool.run(folder, PREFIX + "ld", "--no-relax", "-T", "layout.ld", "-o", "gnu.elf", "gnu.o");

        for (ElfSection section : ours.sections()) {
            if (!section.noBits()) {
                ExternalTool.run(
                        folder, PREFIX + "objcopy", "-O", "binary", "-j", section.name(), "gnu.elf", "section.bin");
                byte[] gnu = Files.readAllBytes(folder.resolve("section.bin"));
                // The GNU assembler pads a section to its alignment; we end it with its last byte.
                assertThat(gnu.length - section.sizeBytes()).as(section.name()).isBetween(0L, 255L);
                assertThat(bytes(ours, section)).as(section.name()).isEqualTo(Arrays.copyOf(gnu, (int)
                        section.sizeBytes()));
            }
        }
    }

    private static String source(String name) throws Exception {
        if (!OWN_SOURCES.contains(name)) {
            return ImageCatalog.source(name).orElseThrow();
        }
        try (InputStream stream = GnuAssemblerTest.class.getResourceAsStream(name + ".s")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A linker script that puts the sections where our assembler has put them. */
    private static String layout(ElfImage image) {
        StringBuilder script = new StringBuilder("ENTRY(_start)\nSECTIONS {\n");
        for (ElfSection section : image.sections()) {
            script.append(section.name() + " " + section.virtualAddress() + " : { *(" + section.name() + ") }\n");
        }
        return script.append("}\n").toString();
    }

    private static byte[] bytes(ElfImage image, ElfSection section) {
        for (ElfSegment segment : image.segments()) {
            if (segment.virtualAddress() == section.virtualAddress()) {
                byte[] bytes = new byte[(int) section.sizeBytes()];
                segment.bytes().get(bytes);
                return bytes;
            }
        }
        throw new AssertionError(section);
    }
}
