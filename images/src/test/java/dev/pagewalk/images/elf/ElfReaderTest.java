package dev.pagewalk.images.elf;

import static dev.pagewalk.images.elf.ElfFiles.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ElfReaderTest {
    @Test
    void aValidImageIsReadWithItsSegmentsInAddressOrder() throws ImageFormatException {
        ElfImage image = ElfReader.read(valid());

        assertThat(image.entryPoint()).isEqualTo(0x10004);
        assertThat(image.segments())
                .extracting(ElfSegment::virtualAddress)
                .containsExactly(0x10000L, 0x11000L, 0x12000L);
        assertThat(image.segments()).extracting(ElfSegment::memorySizeBytes).containsExactly(8L, 8L, 0x2000L);
        assertThat(image.segments()).extracting(ElfSegment::fileSizeBytes).containsExactly(8L, 8L, 0L);
        assertThat(image.segments()).extracting(ElfSegment::executable).containsExactly(true, false, false);
        assertThat(image.segments()).extracting(ElfSegment::writable).containsExactly(false, true, true);
        assertThat(image.segments()).extracting(ElfSegment::readable).containsExactly(true, true, true);
        assertThat(image.segments().get(1).bytes().getLong()).isEqualTo(0x0807060504030201L);
    }

    @Test
    void symbolsAndSectionsAreRead() throws ImageFormatException {
        ElfImage image = ElfReader.read(valid());

        assertThat(image.symbols())
                .containsExactly(
                        new ElfSymbol("data", 0x11000, 8, ElfSymbol.Kind.OBJECT, false, ".data"),
                        new ElfSymbol("LIMIT", 42, 0, ElfSymbol.Kind.UNSPECIFIED, false, ""),
                        new ElfSymbol("_start", 0x10004, 4, ElfSymbol.Kind.FUNCTION, true, ".text"));
        assertThat(image.sections())
                .containsExactly(
                        new ElfSection(".text", 0x10000, 8, false, true, false),
                        new ElfSection(".data", 0x11000, 8, true, false, false),
                        new ElfSection(".bss", 0x12000, 0x2000, true, false, true));
    }

    @Test
    void mappingSymbolsAreNoNames() throws ImageFormatException {
        byte[] file = ElfWriter.write(
                0x10000,
                List.of(new ElfWriter.Section(".text", 0x10000, new byte[4], 4, false, true)),
                List.of(
                        new ElfSymbol("$xrv64ima", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, false, ".text"),
                        new ElfSymbol("$d", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, false, ".text"),
                        new ElfSymbol("$dollar", 0x10000, 0, ElfSymbol.Kind.UNSPECIFIED, false, ".text")));

        assertThat(ElfReader.read(file).symbols()).extracting(ElfSymbol::name).containsExactly("$dollar");
    }

    @Test
    void segmentsMayStandInAnyOrderInTheFile() throws ImageFormatException {
        byte[] file = valid();
        byte[] first = Arrays.copyOfRange(file, FIRST_SEGMENT, SECOND_SEGMENT);
        System.arraycopy(file, SECOND_SEGMENT, file, FIRST_SEGMENT, first.length);
        System.arraycopy(first, 0, file, SECOND_SEGMENT, first.length);

        assertThat(ElfReader.read(file).segments())
                .extracting(ElfSegment::virtualAddress)
                .containsExactly(0x10000L, 0x11000L, 0x12000L);
    }

    @Test
    @Tag("S13")
    void segmentsMayShareABoundaryPageButNoByte() throws ImageFormatException {
        byte[] file = valid();
        view(file).putLong(SECOND_SEGMENT + SEGMENT_ADDRESS, 0x10008);
        view(file).putLong(SECOND_SEGMENT + SEGMENT_OFFSET, 0x1008);
        assertThat(ElfReader.read(file).segments()).hasSize(3);

        view(file).putLong(SECOND_SEGMENT + SEGMENT_ADDRESS, 0x10007);
        view(file).putLong(SECOND_SEGMENT + SEGMENT_OFFSET, 0x1007);
        assertRefused(file, "overlap in memory");
    }

    @Test
    void theProgramHeaderTableHasAnAddressOnlyWhereASegmentHoldsIt() throws ImageFormatException {
        assertThat(ElfReader.read(valid()).programHeaderAddress()).isZero();

        byte[] file = valid();
        int size = 0x1008;
        view(file).putLong(FIRST_SEGMENT + SEGMENT_OFFSET, 0);
        view(file).putLong(FIRST_SEGMENT + SEGMENT_ADDRESS, 0xF000);
        view(file).putLong(FIRST_SEGMENT + SEGMENT_FILE_SIZE, size);
        view(file).putLong(FIRST_SEGMENT + SEGMENT_MEMORY_SIZE, size);
        ElfImage image = ElfReader.read(file);
        assertThat(image.programHeaderAddress()).isEqualTo(0xF040);
        assertThat(image.programHeaderCount()).isEqualTo(3);
        assertThat(image.programHeaderEntrySizeBytes()).isEqualTo(56);
    }

    @Test
    void whatIsNoElfFileIsRefused() {
        assertRefused(new byte[0], "the file is empty");
        assertRefused("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), "not an ELF file");
        assertRefused(new byte[] {0x7F, 'E', 'L'}, "not an ELF file");
    }

    @Test
    void everyTruncationOfTheHeadersIsRefusedAsSuch() {
        for (int length = 4; length < 64; length++) {
            assertRefused(Arrays.copyOf(valid(), length), "header is cut off");
        }
        assertRefused(Arrays.copyOf(valid(), 100), "program header table (offset 0x40, 3 entries) is outside the file");
        assertRefused(Arrays.copyOf(valid(), 0x1004), "segment 0 (offset 0x1000, size 0x8) is outside the file");
    }

    @Test
    void otherKindsOfMachinesAreNamed() {
        assertRefused(withByte(4, 1), "32-bit");
        assertRefused(withByte(4, 9), "ELF class 9");
        assertRefused(withByte(5, 2), "big-endian");
        assertRefused(withByte(5, 0), "data encoding 0");
        assertRefused(withByte(6, 2), "ELF version 2");
        assertRefused(withShort(MACHINE, 62), "made for x86-64");
        assertRefused(withShort(MACHINE, 183), "made for AArch64");
        assertRefused(withShort(MACHINE, 40), "made for ARM (32-bit)");
        assertRefused(withShort(MACHINE, 999), "made for ELF machine 999");
    }

    @Test
    void whatIsNotAStaticExecutableIsRefusedWithTheRightOptions() {
        assertRefused(withShort(TYPE, 1), "object file", "-static -no-pie");
        assertRefused(withShort(TYPE, 3), "position-independent", "-static -no-pie");
        assertRefused(withShort(TYPE, 4), "core dump", "-static -no-pie");
        assertRefused(withShort(TYPE, 77), "ELF type 77");
        assertRefused(withInt(SECOND_SEGMENT, 3), "dynamically linked", "-static");
    }

    @Test
    void compressedCodeMayBeginBetweenWords() throws ImageFormatException {
        byte[] file = withLong(ENTRY, 0x10002);
        view(file).putInt(FLAGS, 1);
        assertThat(ElfReader.read(file).entryPoint()).isEqualTo(0x10002);
    }

    @Test
    void codeForExtensionsThatThisMachineLacksIsRefused() {
        for (int flag : new int[] {2, 4, 6, 8, 9}) {
            assertRefused(withInt(FLAGS, flag), "-march=rv64imac -mabi=lp64");
        }
    }

    @Test
    void lyingProgramHeadersAreRefused() {
        assertRefused(withShort(PROGRAM_HEADER_COUNT, 0), "no segment");
        assertRefused(withShort(PROGRAM_HEADER_COUNT, 0xFFFF), "65535 program headers are too many");
        assertRefused(withShort(PROGRAM_HEADER_SIZE, 32), "program headers of 32 bytes");
        for (long offset : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE, 1 << 20, -56}) {
            assertRefused(withLong(PROGRAM_HEADERS_OFFSET, offset), "outside the file");
            assertRefused(withLong(FIRST_SEGMENT + SEGMENT_OFFSET, offset), "outside the file");
        }
        assertRefused(
                withLong(FIRST_SEGMENT + SEGMENT_FILE_SIZE, 9), "more bytes in the file (0x9) than in memory (0x8)");
        assertRefused(withLong(FIRST_SEGMENT + SEGMENT_FILE_SIZE, -1), "more bytes in the file");
        assertRefused(withLong(FIRST_SEGMENT + SEGMENT_MEMORY_SIZE, -1), "past the end of the address space");
        assertRefused(withLong(FIRST_SEGMENT + SEGMENT_MEMORY_SIZE, -0x10000), "past the end of the address space");
        assertRefused(withLong(FIRST_SEGMENT + SEGMENT_ADDRESS, 0x10010), "agree modulo 4096");
        assertRefused(withLong(FIRST_SEGMENT + SEGMENT_ALIGNMENT, 3), "power of two");
        assertRefused(withLong(FIRST_SEGMENT + SEGMENT_MEMORY_SIZE, 0x1001), "overlap in memory");
    }

    @Test
    void anImageWithoutAnythingToLoadIsRefused() {
        byte[] file = valid();
        for (int i = 0; i < 3; i++) {
            view(file).putInt(FIRST_SEGMENT + 56 * i, 0);
        }
        assertRefused(file, "no segment to load");
    }

    @Test
    void theEntryPointMustBeAnAlignedAddressInCode() {
        assertRefused(withLong(ENTRY, 0x11000), "entry point 0x11000 is in no executable segment");
        assertRefused(withLong(ENTRY, 0x10008), "in no executable segment");
        assertRefused(withLong(ENTRY, 0), "in no executable segment");
        assertRefused(withLong(ENTRY, 0x10003), "not a multiple of 2");
    }

    @Test
    void corruptSectionHeadersOnlyCostTheNames() throws ImageFormatException {
        for (byte[] file : List.of(
                withLong(SECTION_HEADERS_OFFSET, -1),
                withLong(SECTION_HEADERS_OFFSET, Long.MAX_VALUE),
                withShort(60, 0xFFFF),
                withShort(58, 3))) {
            ElfImage image = ElfReader.read(file);
            assertThat(image.segments()).hasSize(3);
            assertThat(image.sections()).isEmpty();
            assertThat(image.symbols()).isEmpty();
        }
        assertThat(ElfReader.read(withShort(SECTION_NAMES_INDEX, 500)).sections())
                .extracting(ElfSection::name)
                .containsOnly("");
    }

    private static void assertRefused(byte[] file, String... parts) {
        assertThatThrownBy(() -> ElfReader.read(file))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContainingAll(parts)
                .message()
                .doesNotContain("\n");
    }
}
