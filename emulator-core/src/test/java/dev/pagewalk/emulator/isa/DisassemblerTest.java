package dev.pagewalk.emulator.isa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisassemblerTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "12345537|lui a0, 0x12345",
                "fffff117|auipc sp, 0xfffff",
                "ff813503|ld a0, -8(sp)",
                "80113023|sd ra, -2048(sp)",
                "00c58533|add a0, a1, a2",
                "03f51513|slli a0, a0, 63",
                "41f5551b|sraiw a0, a0, 31",
                "02c5a533|mulhsu a0, a1, a2",
                "00000013|nop",
                "fff00513|li a0, -1",
                "00058513|mv a0, a1",
                "fff5c513|not a0, a1",
                "40b00533|neg a0, a1",
                "40b0053b|negw a0, a1",
                "0005851b|sext.w a0, a1",
                "0ff5f513|zext.b a0, a1",
                "0015b513|seqz a0, a1",
                "00b03533|snez a0, a1",
                "0005a533|sltz a0, a1",
                "00b02533|sgtz a0, a1",
                "00008067|ret",
                "00030067|jr t1",
                "ffc30067|jr -4(t1)",
                "000500e7|jalr a0",
                "004502e7|jalr t0, 4(a0)",
                "00000073|ecall",
                "00100073|ebreak",
                "c0001073|unimp",
                "0ff0000f|fence",
                "0310000f|fence rw, w",
                "8330000f|fence.tso",
                "0100000f|pause",
                "0000100f|fence.i",
                "c0002573|rdcycle a0",
                "c0102573|rdtime a0",
                "c0202573|rdinstret a0",
                "c0302573|csrr a0, hpmcounter3",
                "30059573|csrrw a0, 0x300, a1",
                "30059073|csrw 0x300, a1",
                "7c0fd073|csrwi 0x7c0, 31",
                "1005b52f|lr.d a0, (a1)",
                "1ac5a52f|sc.w.rl a0, a2, (a1)",
                "06c5b52f|amoadd.d.aqrl a0, a2, (a1)",
                // reserved bits and illegal encodings are data
                "0000000f|.4byte 0x0000000f",
                "1ff0000f|.4byte 0x1ff0000f",
                "0ff0008f|.4byte 0x0ff0008f",
                "0010100f|.4byte 0x0010100f",
                "ffffffff|.4byte 0xffffffff",
                "00200073|.4byte 0x00200073",
                "00000000|.2byte 0x0000",
            })
    void aWordIsPrintedUnderItsUsualName(String word, String text) {
        assertThat(Disassembler.disassemble(0x10000, Integer.parseUnsignedInt(word, 16)))
                .isEqualTo(text);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0000006f|j 0x10000",
                "008000ef|jal 0x10008",
                "7ffff2ef|jal t0, 0x10fffe",
                "00b50863|beq a0, a1, 0x10010",
                "fe041fe3|bnez s0, 0xfffe",
                "00050463|beqz a0, 0x10008",
                "00a05463|blez a0, 0x10008",
                "00a04463|bgtz a0, 0x10008",
                "00054463|bltz a0, 0x10008",
                "00055463|bgez a0, 0x10008",
            })
    void targetsAreAbsoluteAddresses(String word, String text) {
        assertThat(Disassembler.disassemble(0x10000, Integer.parseUnsignedInt(word, 16)))
                .isEqualTo(text);
    }

    @Test
    void aSymbolizerNamesTargets() {
        assertThat(Disassembler.disassemble(0x10000, 0x0080006f, address -> address == 0x10008 ? "loop" : null))
                .isEqualTo("j loop");
        assertThat(Disassembler.disassemble(0x10004, 0x0080006f, address -> address == 0x10008 ? "loop" : null))
                .isEqualTo("j 0x1000c");
    }

    @Test
    void registersAndCsrsHaveOneNameForPrintingAndAllForReading() {
        for (int i = 0; i < 32; i++) {
            assertThat(RegisterNames.number(RegisterNames.abiName(i))).isEqualTo(i);
            assertThat(RegisterNames.number("x" + i)).isEqualTo(i);
        }
        assertThat(RegisterNames.number("fp")).isEqualTo(8);
        assertThat(RegisterNames.number("x32")).isEqualTo(-1);
        assertThat(Csr.number("hpmcounter31")).isEqualTo(0xC1F);
        assertThat(Csr.number("mstatus")).isEqualTo(-1);
        assertThat(Csr.name(0xC1F)).isEqualTo("hpmcounter31");
        assertThat(Csr.name(0xC20)).isNull();
    }
}
