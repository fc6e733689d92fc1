package dev.pagewalk.emulator.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encodings are worked out by hand from the manual; GnuCompressedTest in the module images compares all with the GNU tools. */
class CompressedTableTest {
    /** All that end in 00, 01 or 10. */
    private static final int ENCODINGS = 3 * 16384;

    static IntStream encodings() {
        return IntStream.range(0, 65536).filter(raw -> (raw & 3) != 3);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0808|c.addi4spn a0, sp, 16|addi a0, sp, 16",
                "1ffc|c.addi4spn a5, sp, 1020|addi a5, sp, 1020",
                "41c8|c.lw a0, 4(a1)|lw a0, 4(a1)",
                "5fe0|c.lw s0, 124(a5)|lw s0, 124(a5)",
                "6588|c.ld a0, 8(a1)|ld a0, 8(a1)",
                "7ffc|c.ld a5, 248(a5)|ld a5, 248(a5)",
                "c408|c.sw a0, 8(s0)|sw a0, 8(s0)",
                "fc80|c.sd s0, 56(s1)|sd s0, 56(s1)",
                "0001|c.nop|nop",
                "0015|c.addi zero, 5|li zero, 5",
                "1501|c.addi a0, -32|addi a0, a0, -32",
                "2505|c.addiw a0, 1|addiw a0, a0, 1",
                "2501|c.addiw a0, 0|sext.w a0, a0",
                "457d|c.li a0, 31|li a0, 31",
                "5ffd|c.li t6, -1|li t6, -1",
                "6105|c.addi16sp sp, 32|addi sp, sp, 32",
                "7101|c.addi16sp sp, -512|addi sp, sp, -512",
                "6505|c.lui a0, 0x1|lui a0, 0x1",
                "757d|c.lui a0, 0xfffff|lui a0, 0xfffff",
                "917d|c.srli a0, 63|srli a0, a0, 63",
                "8785|c.srai a5, 1|srai a5, a5, 1",
                "997d|c.andi a0, -1|andi a0, a0, -1",
                "8d0d|c.sub a0, a1|sub a0, a0, a1",
                "8d2d|c.xor a0, a1|xor a0, a0, a1",
                "8d4d|c.or a0, a1|or a0, a0, a1",
                "8d6d|c.and a0, a1|and a0, a0, a1",
                "9d0d|c.subw a0, a1|subw a0, a0, a1",
                "9d2d|c.addw a0, a1|addw a0, a0, a1",
                "a001|c.j 0x10000|j 0x10000",
                "affd|c.j 0x107fe|j 0x107fe",
                "b001|c.j 0xf800|j 0xf800",
                "c101|c.beqz a0, 0x10000|beqz a0, 0x10000",
                "cffd|c.beqz a5, 0x100fe|beqz a5, 0x100fe",
                "f001|c.bnez s0, 0xff00|bnez s0, 0xff00",
                "050e|c.slli a0, 3|slli a0, a0, 3",
                "1ffe|c.slli t6, 63|slli t6, t6, 63",
                "4512|c.lwsp a0, 4(sp)|lw a0, 4(sp)",
                "50fe|c.lwsp ra, 252(sp)|lw ra, 252(sp)",
                "60a2|c.ldsp ra, 8(sp)|ld ra, 8(sp)",
                "7ffe|c.ldsp t6, 504(sp)|ld t6, 504(sp)",
                "8082|c.jr ra|ret",
                "852e|c.mv a0, a1|add a0, zero, a1",
                "9002|c.ebreak|ebreak",
                "9502|c.jalr a0|jalr a0",
                "952e|c.add a0, a1|add a0, a0, a1",
                "dfaa|c.swsp a0, 252(sp)|sw a0, 252(sp)",
                "e42a|c.sdsp a0, 8(sp)|sd a0, 8(sp)",
                "ff82|c.sdsp zero, 504(sp)|sd zero, 504(sp)",
            })
    void anEncodingHasItsTextAndWhatItStandsFor(String word, String text, String expansion) {
        int raw = Integer.parseInt(word, 16);
        assertThat(Disassembler.disassemble(0x10000, raw)).isEqualTo(text);
        assertThat(Disassembler.disassemble(0x10000, CompressedTable.expand(raw)))
                .isEqualTo(expansion);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "0000, defined illegal",
        "0004, c.addi4spn of 0",
        "2000, c.fld",
        "a000, c.fsd",
        "8000, reserved",
        "2001, c.addiw of zero",
        "6101, c.addi16sp of 0",
        "6501, c.lui of 0",
        "6001, c.lui of zero and 0",
        "9c41, reserved",
        "9c61, reserved",
        "2002, c.fldsp",
        "a002, c.fsdsp",
        "4002, c.lwsp of zero",
        "6002, c.ldsp of zero",
        "8002, c.jr of zero",
    })
    void whatIsReservedOrNeedsFloatingPointIsIllegal(String word, String why) {
        int raw = Integer.parseInt(word, 16);
        assertThat(CompressedTable.decode(raw)).as(why).isNull();
        assertThat(CompressedTable.expand(raw)).isZero();
        assertThat(Disassembler.disassemble(0, raw)).isEqualTo(".2byte 0x" + word);
    }

    @Test
    void asManyEncodingsAreLegalAsTheManualLeavesThem() {
        int floatingPoint = 4 * 2048;
        int quadrant0 = 2048 /* funct3 100 */ + 8 /* c.addi4spn of 0, with the all-zero encoding */;
        int quadrant1 = 64 /* c.addiw of x0 */ + 32 /* c.lui of 0, c.addi16sp of 0 */ + 2 * 64 /* funct2 10, 11 */;
        int quadrant2 = 2 * 64 /* c.lwsp, c.ldsp of x0 */ + 1 /* c.jr of x0 */;
        assertThat(encodings().filter(raw -> CompressedTable.decode(raw) != null))
                .hasSize(ENCODINGS - floatingPoint - quadrant0 - quadrant1 - quadrant2);
    }

    @Test
    void noEncodingBelongsToTwoRowsButThatOfNop() {
        encodings().forEach(raw -> {
            List<String> rows = CompressedTable.all().stream()
                    .filter(row -> row.matches(raw))
                    .map(CompressedInstruction::mnemonic)
                    .toList();
            CompressedInstruction decoded = CompressedTable.decode(raw);
            if (raw == 1) {
                assertThat(rows).containsExactly("c.nop", "c.addi");
            } else {
                assertThat(rows).as("%04x", raw).isEqualTo(decoded == null ? List.of() : List.of(decoded.mnemonic()));
            }
        });
    }

    @Test
    void everyExpansionIsAnInstructionAndComesFromItsEncodingAlone() {
        encodings().forEach(raw -> {
            CompressedInstruction row = CompressedTable.decode(raw);
            if (row != null) {
                int expanded = row.expand(raw);
                assertThat(Decoder.decode(expanded)).isSameAs(row.base());
                assertThat(row.compress(expanded)).as("%04x", raw).isEqualTo(raw);
                // The upper half belongs to the next instruction.
                assertThat(Decoder.expand(raw | 0xABCD_0000)).isEqualTo(expanded);
            }
        });
    }

    @Test
    void compressingGivesTheSameEffectOrNothing() {
        for (int raw = 3; raw > 0; raw += 4 * 1009) {
            int bits = CompressedTable.compress(raw);
            if (bits != 0 && CompressedTable.expand(bits) != raw) {
                String before = Disassembler.disassemble(0, raw);
                String after = Disassembler.disassemble(0, CompressedTable.expand(bits));
                assertThat(sorted(after.replaceFirst("add (.*), zero, (.*)", "mv $1, $2")))
                        .isEqualTo(sorted(before));
            }
        }
    }

    private static List<String> sorted(String instruction) {
        return List.of(instruction.split(",? ")).stream().sorted().toList();
    }

    @ParameterizedTest
    @CsvSource({"addi, 0, 0, 5", "slli, 10, 10, 0", "srli, 10, 10, 0", "lui, 0, 0, 4096", "addi, 0, 10, 0"})
    void whatHasNoEffectIsNotMadeAHint(String mnemonic, int rd, int rs1, int immediate) {
        assertThat(CompressedTable.compress(InstructionTable.find(mnemonic).encode(rd, rs1, 0, immediate)))
                .isZero();
    }

    @Test
    void operandsThatDoNotFitAreNamed() {
        assertRefused("c.lw", Map.of("rd'", 16, "rs1'", 8, "uimm", 0), "register a6 is outside s0 to a5");
        assertRefused("c.lw", Map.of("rd'", 8, "rs1'", 8, "uimm", 126), "126 is outside 0 to 124 in steps of 4");
        assertRefused("c.addi", Map.of("rd", 8, "imm", 32), "32 is outside -32 to 31");
        assertRefused("c.addi16sp", Map.of("imm", 512), "512 is outside -512 to 496 in steps of 16");
        assertRefused("c.addi16sp", Map.of("imm", 0), "these operands of c.addi16sp are reserved");
        assertRefused("c.jr", Map.of("rs1", 0), "these operands of c.jr are reserved");
    }

    private static void assertRefused(String mnemonic, Map<String, Integer> operands, String reason) {
        assertThatThrownBy(() -> CompressedTable.find(mnemonic).encode(operands))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
