package dev.pagewalk.images.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.elf.ElfImage;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected words are worked out by hand from the manual's formats; GnuAssemblerTest compares with the GNU assembler. */
class EncodingTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                // U and J
                "lui a0, 0x12345|12345537",
                "auipc sp, 0xfffff|fffff117",
                "jal ra, .|000000ef",
                "j . + 8|0080006f",
                "jal . - 4|ffdff0ef",
                "jal t0, . + 0xffffe|7ffff2ef",
                // B
                "beq a0, a1, . + 16|00b50863",
                "bnez s0, . - 2|fe041fe3",
                "bgeu x31, x1, . + 4094|7e1fffe3",
                "ble a0, a1, .|00a5d063",
                "bgtz a0, .|00a04063",
                // I and S
                "ld a0, -8(sp)|ff813503",
                "lbu t6, 2047(zero)|7ff04f83",
                "sd ra, -2048(sp)|80113023",
                "sb a0, (a1)|00a58023",
                "addi a0, a0, -1|fff50513",
                "addiw a0, a1, 5|0055851b",
                "andi a0, a1, 255|0ff5f513",
                "jalr a0|000500e7",
                "jalr t0, 4(a0)|004502e7",
                // shifts
                "slli a0, a0, 63|03f51513",
                "srai a0, a0, 1|40155513",
                "sraiw a0, a0, 31|41f5551b",
                // R
                "add a0, a1, a2|00c58533",
                "sub a0, a1, a2|40c58533",
                "mulhsu a0, a1, a2|02c5a533",
                "remuw a0, a1, a2|02c5f53b",
                // system
                "ecall|00000073",
                "ebreak|00100073",
                "fence|0ff0000f",
                "fence rw, w|0310000f",
                "fence.i|0000100f",
                "csrrw a0, 0x300, a1|30059573",
                "csrrwi zero, 0x7c0, 31|7c0fd073",
                "rdcycle a0|c0002573",
                "rdinstret t1|c0202373",
                // atomics
                "lr.d a0, (a1)|1005b52f",
                "lr.w.aq a0, (a1)|1405a52f",
                "sc.w.rl a0, a2, (a1)|1ac5a52f",
                "amoadd.d.aqrl a0, a2, (a1)|06c5b52f",
                "amomaxu.w zero, a2, (a1)|e0c5a02f",
                // pseudo-instructions of one word
                "nop|00000013",
                "mv a0, a1|00058513",
                "not a0, a1|fff5c513",
                "neg a0, a1|40b00533",
                "sext.w a0, a1|0005851b",
                "seqz a0, a1|0015b513",
                "snez a0, a1|00b03533",
                "sgtz a0, a1|00b02533",
                "ret|00008067",
                "jr t1|00030067",
                "unimp|c0001073",
                "csrw 0x7c0, 9|7c04d073",
                "li a0, -2048|80000513",
            })
    void anInstructionHasTheWordOfTheManual(String instruction, String word) throws AssemblyException {
        assertThat(words(instruction)).isEqualTo(word);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "li a0, 2048|00001537 8005051b",
                "li a0, 0x7fffffff|80000537 fff5051b",
                "li a0, 0x80000000|0010051b 01f51513",
                "li a0, 1 << 40|0010051b 02851513",
                "li a0, later|00012537 3455051b",
                "la a0, . + 0x12345|00012517 34550513",
                "call . + 0x12800|00013097 800080e7",
                "tail . - 4|00000317 ffc30067",
                "ld a0, . + 8|00000517 00853503",
                "sd a0, . + 8, t0|00000297 00a2b423",
                "zext.w a0, a1|02059513 02055513",
                "sext.b a0, a1|03859513 43855513",
                "lui a0, %hi(0x12800); addi a0, a0, %lo(0x12800)|00013537 80050513",
                "1: auipc a0, %pcrel_hi(. + 0x800); sw a1, %pcrel_lo(1b)(a0)|00001517 80b52023",
            })
    void pseudoInstructionsOfSeveralWordsExpandAsTheGnuAssemblerDoes(String source, String words)
            throws AssemblyException {
        assertThat(words(source)).isEqualTo(words);
    }

    private static String words(String source) throws AssemblyException {
        ElfImage image = Assembler.assemble("test.s", "_start: " + source + "\n.set later, 0x12345\n");
        ByteBuffer bytes = image.segments().get(0).bytes();
        StringBuilder words = new StringBuilder();
        while (bytes.hasRemaining()) {
            words.append(words.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%08x", bytes.getInt()));
        }
        return words.toString();
    }
}
