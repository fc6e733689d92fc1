package dev.pagewalk.emulator.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionTableTest {
    static List<Instruction> rows() {
        return InstructionTable.all();
    }

    @Test
    void noEncodingBelongsToTwoRows() {
        for (Instruction one : rows()) {
            for (Instruction other : rows()) {
                boolean overlap = ((one.match() ^ other.match()) & one.mask() & other.mask()) == 0;
                assertThat(overlap)
                        .as("%s and %s", one.mnemonic(), other.mnemonic())
                        .isEqualTo(one == other);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRowsFixedBitsDecodeToItWhateverTheOthersAre(Instruction row) {
        Random random = new Random(row.opcode());
        assertThat(row.match() & ~row.mask()).isZero();
        assertThat(InstructionTable.get(row.opcode())).isSameAs(row);
        assertThat(InstructionTable.find(row.mnemonic())).isSameAs(row);
        for (int n = 0; n < 200; n++) {
            assertThat(Decoder.decode(row.match() | random.nextInt() & ~row.mask()))
                    .isSameAs(row);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x0000_FFFF, 0x8002, 0x2000_2000, 0x0000_007F, 0x0000_0007, 0x1020_0073})
    void zeroOnesFloatingPointAndSupervisorEncodingsAreIllegal(int raw) {
        assertThat(Decoder.decode(Decoder.expand(raw))).isNull();
    }

    @Test
    void theDecoderFindsTheMatchingRowAndOnlyThat() {
        Random random = new Random(1);
        for (int n = 0; n < 200_000; n++) {
            int raw = random.nextInt() | (n % 2 == 0 ? 3 : 0);
            Instruction expected =
                    rows().stream().filter(row -> row.matches(raw)).findFirst().orElse(null);
            assertThat(Decoder.decode(raw)).as("0x%08x", raw).isSameAs(expected);
            assertThat(Decoder.lengthBytes(raw)).isEqualTo((raw & 3) == 3 ? 4 : 2);
        }
    }
}
