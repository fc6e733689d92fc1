package dev.pagewalk.images.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSegment;
import dev.pagewalk.images.elf.ElfSymbol;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblerTest {
    @Test
    void eachSectionStandsOnPagesOfItsOwnWithItsOwnPermissions() throws AssemblyException {
        ElfImage image = assemble("""
                .bss
                flags: .space 5000
                .data
                .byte 1
                .section .rodata
                .zero 4097
                .text
                _start: nop
                """);

        assertThat(image.segments())
                .extracting(ElfSegment::virtualAddress)
                .containsExactly(0x10000L, 0x11000L, 0x13000L, 0x14000L);
        assertThat(image.segments())
                .extracting(segment -> (segment.readable() ? "r" : "")
                        + (segment.writable() ? "w" : "")
                        + (segment.executable() ? "x" : ""))
                .containsExactly("rx", "r", "rw", "rw");
        assertThat(image.segments().get(3).memorySizeBytes()).isEqualTo(5000);
        assertThat(image.segments().get(3).fileSizeBytes()).isZero();
        assertThat(image.entryPoint()).isEqualTo(0x10000);
    }

    @Test
    void symbolsCarryTheirKindSizeAndBinding() throws AssemblyException {
        ElfImage image = assemble("""
                .globl _start
                .type _start, @function
                _start: nop
                .size _start, . - _start
                .equ LIMIT, 6 * 7
                .L_hidden: 1: nop
                .comm buffer, 100, 16
                """);

        assertThat(image.symbols())
                .containsExactlyInAnyOrder(
                        new ElfSymbol("_start", 0x10000, 4, ElfSymbol.Kind.FUNCTION, true, ".text"),
                        new ElfSymbol("LIMIT", 42, 0, ElfSymbol.Kind.UNSPECIFIED, false, ""),
                        new ElfSymbol("buffer", 0x11000, 100, ElfSymbol.Kind.OBJECT, true, ".bss"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                "2 + 3 * 4@14",
                "(2 + 3) * 4@20",
                "2 + 3 & 1@3",
                "7 / 2@3",
                "-7 / 2@-3",
                "-7 % 3@-1",
                "1 << 4 | 1@17",
                "-8 >> 60@15",
                "1 << 64@0",
                "~5@-6",
                "!0@1",
                "6 ! 3@-2",
                "5 > 4@-1",
                "5 == 4@0",
                "5 <> 4@-1",
                "2 && 1@1",
                "0 || 0@0",
                "'a'@97",
                "'\\n'@10",
                "0x10 + 0b101 + 010@29",
                "end - _start@8",
                "later * 2@46",
                "0xffffffffffffffff@-1",
                "(((((((((1)))))))))@1",
                "end > _start@-1",
            })
    void expressionsAreComputedAsTheGnuAssemblerComputesThem(String expression, long value) throws AssemblyException {
        ElfImage image = assemble("_start: nop; nop\nend: .data\n.8byte " + expression + "\n.set later, 23\n");

        assertThat(image.segments().get(1).bytes().getLong()).isEqualTo(value);
    }

    @Test
    void aReassignedSymbolHasTheValueOfThePlace() throws AssemblyException {
        ElfImage image =
                assemble("_start: nop\n.data\n x = 1\n.byte x\n x = x + 1\n.byte x\n.set y, z\n.byte y\n.set z, 9\n");

        assertThat(bytes(image.segments().get(1))).containsExactly(1, 2, 9);
    }

    @Test
    void numericLabelsMeanTheNearestOneInTheirDirection() throws AssemblyException {
        ElfImage image =
                assemble("_start: nop\n.data\n1: .byte 1f - 1b\n1: .byte (1b - _start) & 0xff, 1f - .\n.byte 0\n1:\n");

        assertThat(bytes(image.segments().get(1))).containsExactly(1, 1, 2, 0);
    }

    @Test
    void commentsSeparatorsAndStringsAreRead() throws AssemblyException {
        ElfImage image = assemble("""
                _start: nop # a comment; nop
                nop // another
                nop; nop /* one
                over lines */ ; nop
                .data ; .asciz "a;#\\"/*\\101\\x41\\n" , "b" ; .ascii "ä"
                """);

        assertThat(image.segments().get(0).fileSizeBytes()).isEqualTo(20);
        assertThat(new String(bytes(image.segments().get(1)), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("a;#\"/*AA\n\0b\0ä");
    }

    @Test
    void dataDirectivesWriteLittleEndianValues() throws AssemblyException {
        ElfImage image = assemble(
                "_start: nop\n.data\n.byte -1, 255\n.half 0x1234\n.word 1\n.balign 8\n.dword _start\n.fill 2, 2, 7\n.space 2, 9\n");

        assertThat(bytes(image.segments().get(1)))
                .containsExactly(-1, -1, 0x34, 0x12, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 7, 0, 7, 0, 9, 9);
    }

    @Test
    @Tag("S13")
    void sectionsCanBePlacedSoThatTwoShareAPage() throws AssemblyException {
        ElfImage image = assemble("""
                .text
                .address 0x400000
                _start: nop
                .section .first,"a"
                .address 0x400ff0
                .zero 16, 1
                .section .second,"aw"
                .address 0x401000 - 4096 + 8
                .8byte 5
                """);

        assertThat(image.segments())
                .extracting(ElfSegment::virtualAddress)
                .containsExactly(0x400000L, 0x400008L, 0x400FF0L);
    }

    @Test
    void sectionsThatLieOnEachOtherAreRefused() {
        assertErrors("_start: nop\n.data\n.address 0x10000\n.byte 1\n", "test.s:1:1: .*overlap in memory.*");
    }

    @Test
    void mistakesAreReportedWithTheirPlaceAndReason() {
        assertErrors(
                """
                _start: adi a0, a0, 1
                  addi a0, a0, 5000
                  addi a0, a0
                  addi a0, a0, 1, 2
                  ld a0, nowhere
                  .asciz "abc
                  .algin 3
                  li a0, ((1)
                x: nop; x: nop
                  .byte 300
                  lr.w a0, 4(a1)
                  slli a0, a0, 64
                  csrr a0, 5000
                  fence rr, w
                  li a0, 99999999999999999999
                  add.aq a0, a1, a2
                  .byte 1/0
                  ?
                """,
                "test.s:1:9: 'adi' is no instruction \\(near names: add, addi, andi\\)",
                "test.s:2:16: immediate 5000 is outside -2048 to 2047",
                "test.s:3:14: 'addi' has too few operands: ',' is missing",
                "test.s:4:17: too much: ',' where the statement should end",
                "test.s:5:10: 'nowhere' is not defined",
                "test.s:6:10: this string is not closed: .*",
                "test.s:7:3: '.algin' is no directive of this assembler \\(near names: .align\\)",
                "test.s:8:14: '\\)' is expected, not the end of the statement",
                "test.s:9:9: 'x' is defined already, on line 9",
                "test.s:10:9: 300 does not fit in 1 byte",
                "test.s:11:12: an atomic instruction has no offset: .*",
                "test.s:12:16: immediate 64 is outside 0 to 63",
                "test.s:13:12: the CSR's number 5000 is outside 0 to 4095",
                "test.s:14:9: 'rr' is no set of the letters i, o, r, w.*",
                "test.s:15:10: '99999999999999999999' is no integer of at most 64 bits",
                "test.s:16:3: 'add.aq' is no instruction.*",
                "test.s:17:10: division by zero",
                "test.s:18:3: the character '\\?' has no meaning here");
    }

    @Test
    void targetsOutOfReachAreReported() {
        assertErrors(
                "_start: beqz a0, far\n j far\n la a0, 1 << 40\n 1: lw a0, %pcrel_lo(1b)(a0)\n .space 2 << 20\nfar:\n jal 2f\n",
                "test.s:1:18: the target is \\d+ bytes away: a branch reaches -4096 to 4094 .*",
                "test.s:2:4: the target is \\d+ bytes away: a jump reaches -1048576 to 1048574 .*",
                "test.s:3:9: 0x.* does not fit in 32 bits",
                "test.s:4:12: %pcrel_lo must name the label of an instruction with %pcrel_hi.*",
                "test.s:7:6: there is no label 2: after this line");
    }

    @Test
    void aProgramWithoutAnEntryPointIsRefused() {
        assertErrors("nop\n", "test.s:1:1: '_start' is not defined.*");
        assertErrors(".set _start, 5\nnop\n", "test.s:1:1: '_start' must be a label in a section of code.*");
        assertErrors(
                ".data\n.byte 1\n_start: .text\nnop\n", "test.s:3:1: '_start' must be a label in a section of code.*");
    }

    @Test
    void nothingIsCompressedUnlessTheSourceAsksForIt() throws AssemblyException {
        assertThat(code("addi a0, a0, 1")).isEqualTo("13051500");
        assertThat(code(".option rvc\n addi a0, a0, 1")).isEqualTo("0505");
        assertThat(code(".option rvc\n.option norvc\n addi a0, a0, 1")).isEqualTo("13051500");
        assertThat(code("c.addi a0, 1")).isEqualTo("0505");
        assertThat(code(".option push\n.option rvc\n nop\n.option pop\n nop")).isEqualTo("010013000000");
        assertThat(code(".option norelax\n.option nopic\n.option arch, +c\n nop"))
                .isEqualTo("13000000");
    }

    /** Its length must be the same in both passes, and every label behind it depends on that. */
    @Test
    void whatDependsOnALaterDefinitionKeepsItsFourBytes() throws AssemblyException {
        assertThat(code(".option rvc\n addi a0, a0, later\n.set later, 1")).isEqualTo("13051500");
        assertThat(code(".option rvc\n addi a0, a0, end - .\n end:")).isEqualTo("13054500");
        assertThat(code(".option rvc\n.set known, 1\n addi a0, a0, known")).isEqualTo("0505");
        assertThat(code(".option rvc\n 1: nop\n 2: addi a0, a0, 2b - 1b")).isEqualTo("01000905");
        assertThat(code("c.addi a0, later\n.set later, 1")).isEqualTo("0505");
        assertThat(code(".option rvc\n j end\n nop\n end:")).isEqualTo("6f0060000100");
    }

    @Test
    void theHeaderSaysWhetherThereIsCompressedCode() throws AssemblyException {
        assertThat(Assembler.assemble("test.s", "_start: nop\n.2byte 1").flags())
                .isZero();
        assertThat(Assembler.assemble("test.s", "_start: c.nop").flags()).isEqualTo(1);
    }

    @Test
    void operandsThatDoNotFitInTwoBytesAreNamed() {
        assertErrors(
                "_start: c.addi a0, 32\n c.lw a0, 2(a1)\n c.lw a6, 4(a1)\n c.lwsp a0, 4(a1)\n c.lwsp zero, 4(sp)\n",
                "test.s:1:20: immediate 32 is outside -32 to 31",
                "test.s:2:11: immediate 2 is outside 0 to 124 in steps of 4",
                "test.s:3:11: register a6 is outside s0 to a5",
                "test.s:4:15: the register must be sp",
                "test.s:5:15: these operands of c.lwsp are reserved");
        assertErrors(
                "_start: c.beqz a0, end\n .zero 300\n end: nop\n",
                "test.s:1:20: immediate 302 is outside -256 to 254 in steps of 2");
        assertErrors(
                "_start: c.j later\n.set later, _start + 3\n",
                "test.s:1:13: immediate 3 is outside -2048 to 2046 in steps of 2");
        assertErrors("_start: c.addd a0, 1\n", "test.s:1:9: 'c.addd' is no instruction.*");
        assertErrors("_start: c.add a0\n", "test.s:1:.*too few operands: ',' is missing");
        assertErrors("_start: nop\n.option pop\n", "test.s:2:9: there is no .option push before this .option pop");
    }

    private static String code(String source) throws AssemblyException {
        ElfSegment text =
                Assembler.assemble("test.s", "_start:\n" + source).segments().get(0);
        byte[] bytes = new byte[(int) text.fileSizeBytes()];
        text.bytes().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void codeMustBeAlignedAndZeroSectionsHoldZeros() {
        assertErrors("_start: .byte 1\n nop\n", "test.s:2:2: an instruction must begin at a multiple of 2: .*");
        assertErrors(
                "_start: nop\n.bss\n nop\n.byte 0, 1\n",
                "test.s:3:2: .bss holds zeros only: code.*",
                "test.s:4:10: .bss holds zeros only.*");
    }

    @Test
    void definitionsThatLeadInACircleAreReported() {
        assertErrors(
                "_start: nop\n.set a, b\n.set b, a\n.8byte a\n",
                "test.s:2:1: the definition of .*",
                "test.s:3:1: the definition of .*");
    }

    @Test
    void atMostAHundredErrorsAreCollected() {
        StringBuilder undefined = new StringBuilder("_start: nop\n");
        for (int i = 0; i < 1000; i++) {
            undefined.append("j nowhere" + i + "\n");
        }
        for (String source : List.of("bogus\n".repeat(1000), undefined.toString())) {
            assertThatExceptionOfType(AssemblyException.class)
                    .isThrownBy(() -> assemble(source))
                    .satisfies(e -> assertThat(e.errors()).hasSize(100));
        }
    }

    private static ElfImage assemble(String source) throws AssemblyException {
        return Assembler.assemble("test.s", source);
    }

    private static byte[] bytes(ElfSegment segment) {
        ByteBuffer view = segment.bytes();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }

    private static void assertErrors(String source, String... patterns) {
        assertThatExceptionOfType(AssemblyException.class)
                .isThrownBy(() -> assemble(source))
                .satisfies(e -> {
                    List<String> lines =
                            e.errors().stream().map(AssemblyError::toString).toList();
                    assertThat(lines).hasSameSizeAs(patterns);
                    for (int i = 0; i < patterns.length; i++) {
                        assertThat(lines.get(i)).matches(patterns[i]);
                    }
                });
    }
}
