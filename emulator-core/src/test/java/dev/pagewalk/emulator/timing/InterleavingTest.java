package dev.pagewalk.emulator.timing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which figures a seed gives; what machines make of them is in the {@code InterleavingTest} of their package. */
class InterleavingTest {
    private static final CrossHartCosts COSTS = TimingProfiles.find("u74").crossHart();

    @Test
    void withoutASeedTheFiguresAreTheMachinesAndTheProfiles() {
        Interleaving steady = new Interleaving(COSTS, 700, OptionalLong.empty());
        for (int n = 0; n < 3; n++) {
            assertThat(steady.quantumCycles()).isEqualTo(700);
            assertThat(steady.interruptLatencyCycles()).isEqualTo(COSTS.interruptLatencyCycles());
            assertThat(steady.wakeUpLatencyCycles()).isEqualTo(COSTS.wakeUpLatencyCycles());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void anySeedGivesEveryQuantumAndEveryDelayAndNoOther(long seed) {
        Interleaving varying = new Interleaving(COSTS, 7, OptionalLong.of(seed));
        assertThat(distinct(varying::quantumCycles)).isEqualTo(range(1, 7));
        assertThat(distinct(varying::interruptLatencyCycles)).isEqualTo(range(1500, 1507));
        assertThat(distinct(varying::wakeUpLatencyCycles)).isEqualTo(range(3000, 3007));
    }

    /** The generator's published numbers for the seed 0: what a seed means does not change from release to release. */
    @Test
    void aSeedMeansTheSameForEver() {
        Interleaving varying = new Interleaving(COSTS, 1000, OptionalLong.of(0));
        long[] published = {0xE220_A839_7B1D_CDAFL, 0x6E78_9E6A_A1B9_65F4L, 0x06C4_5D18_8009_454FL};
        for (long number : published) {
            assertThat(varying.quantumCycles()).isEqualTo(1 + Long.remainderUnsigned(number, 1000));
        }
    }

    @Test
    void aRestoredOneGoesOnAsTheSavedOneWould() {
        Interleaving saved = new Interleaving(COSTS, 1500, OptionalLong.of(3));
        saved.quantumCycles();
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        saved.save(out);
        Interleaving restored = new Interleaving(COSTS, 1500, OptionalLong.of(3));
        restored.restore(ByteStreams.newDataInput(out.toByteArray()));
        for (int n = 0; n < 10; n++) {
            assertThat(restored.wakeUpLatencyCycles()).isEqualTo(saved.wakeUpLatencyCycles());
        }
    }

    private static long[] distinct(LongSupplier figure) {
        return LongStream.generate(figure).limit(500).sorted().distinct().toArray();
    }

    private static long[] range(long from, long to) {
        long[] range = new long[(int) (to - from + 1)];
        Arrays.setAll(range, n -> from + n);
        return range;
    }
}
