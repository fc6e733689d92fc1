package dev.pagewalk.images.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.images.ExternalTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfWriterTest {
    @Test
    void equalArgumentsGiveEqualBytes() {
        assertThat(ElfFiles.valid()).isEqualTo(ElfFiles.valid());
    }

    @Test
    void aSymbolOfAnUnknownSectionIsRefused() {
        ElfSymbol symbol = new ElfSymbol("x", 0, 0, ElfSymbol.Kind.OBJECT, false, ".nowhere");

        assertThatThrownBy(() -> ElfWriter.write(0, List.of(), List.of(symbol)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(".nowhere");
    }

    @Test
    void offsetsInTheFileAgreeWithAddressesModuloThePageSize() throws ImageFormatException {
        byte[] code = new byte[8];
        byte[] file = ElfWriter.write(
                0x10ABC,
                List.of(
                        new ElfWriter.Section(".text", 0x10ABC, code, 8, false, true),
                        new ElfWriter.Section(".data", 0x12345, new byte[5000], 9000, true, false)),
                List.of());

        ElfImage image = ElfReader.read(file);
        assertThat(image.segments()).extracting(ElfSegment::fileOffset).allMatch(offset -> offset > 0);
        assertThat(image.segments().get(1).memorySizeBytes()).isEqualTo(9000);
    }

    @Test
    void readelfFindsNothingToComplainAbout(@TempDir Path folder) throws Exception {
        ExternalTool.require("riscv64-linux-gnu-readelf");
        Path file = folder.resolve("valid.elf");
        Files.write(file, ElfFiles.valid());

        String output = ExternalTool.run(folder, "riscv64-linux-gnu-readelf", "-aW", file.toString());

        assertThat(output)
                .doesNotContainIgnoringCase("warning")
                .doesNotContainIgnoringCase("error")
                .contains("Machine:                           RISC-V")
                .containsPattern("0+10004 +4 FUNC +GLOBAL DEFAULT +1 _start")
                .containsPattern("0+11000 +8 OBJECT +LOCAL +DEFAULT +2 data")
                .containsPattern("0+2a +0 NOTYPE +LOCAL +DEFAULT +ABS LIMIT");
    }
}
