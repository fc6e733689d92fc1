package dev.pagewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlbGeometryTest {
    @ParameterizedTest
    @CsvSource({"40, 40, 1", "1280, 5, 256", "1536, 12, 128", "512, 1, 512", "1, 1, 1", "65536, 1, 65536"})
    void acceptsWhatRealCoresHave(int entries, int ways, int sets) {
        assertThat(new TlbGeometry(entries, ways, 3, ReplacementPolicy.LRU).sets())
                .isEqualTo(sets);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "65537, 1, 0", "64, 0, 0", "64, 65, 0", "64, 3, 0", "48, 4, 0", "64, 4, -1", "-4, -4, 0"})
    void refusesWhatCannotBeBuilt(int entries, int ways, int latencyCycles) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlbGeometry(entries, ways, latencyCycles, ReplacementPolicy.FIFO));
    }
}
