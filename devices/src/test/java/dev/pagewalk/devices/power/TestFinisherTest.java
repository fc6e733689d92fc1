package dev.pagewalk.devices.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.devices.testing.Snapshots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestFinisherTest {
    private final List<Integer> statuses = new ArrayList<>();
    private final TestFinisher finisher = new TestFinisher(statuses::add);

    @Test
    void standsWhereQemuHasIt() {
        assertThat(finisher.baseAddress()).isEqualTo(0x0010_0000L);
        assertThat(finisher.lengthBytes()).isEqualTo(0x1000);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 0x5555, 0",
        "2, 0x5555, 0",
        "8, 0x5555, 0",
        "4, 0x00073333, 7",
        "4, 0xFFFF3333, 65535",
        "8, 0x7F00073333, 7",
        "4, 0x3333, 1",
        "2, 0x3333, 1",
        "4, 0x12345555, 0",
    })
    void passAndFailEndTheRun(int sizeBytes, long value, int status) {
        finisher.write(0, sizeBytes, value, 0);
        assertThat(statuses).containsExactly(status);
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 0x7777", "0, 4, 0", "0, 1, 0x55", "4, 4, 0x5555", "0, 4, 0x55550000"})
    void everythingElseIsIgnored(long offset, int sizeBytes, long value) {
        finisher.write(offset, sizeBytes, value, 0);
        assertThat(statuses).isEmpty();
    }

    @Test
    void readsZero() {
        assertThat(finisher.read(0, 4, 0)).isZero();
    }

    @Test
    void hasNoState() {
        assertThat(Snapshots.save(finisher)).isEmpty();
        Snapshots.restore(finisher, new byte[0]);
        assertThat(statuses).isEmpty();
    }
}
