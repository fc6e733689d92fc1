package dev.pagewalk.tools.bench.shootdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.pagewalk.tools.run.UserErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MunmapMachineTest {
    private final MunmapMachine machine = new MunmapMachine();

    private MunmapCost measure(String profile, String policy, int harts, int threads, int pages)
            throws UserErrorException {
        return machine.measure(new MunmapPoint(profile, policy, harts, threads, pages));
    }

    @Test
    void aHartThatIsAloneWaitsForNobody() throws UserErrorException {
        MunmapCost one = measure("u74", "targeted", 1, 1, 1);
        MunmapCost eight = measure("u74", "targeted", 1, 1, 8);

        assertThat(one.waitCycles()).isZero();
        assertThat(one.interrupts()).isZero();
        assertThat(eight.latencyCycles()).isGreaterThan(one.latencyCycles()).isPositive();
        assertThat(measure("u74", "targeted", 1, 1, 1)).isEqualTo(one);
    }

    @Test
    void targetedTellsNobodyWhoDoesNotRunTheProcess() throws UserErrorException {
        MunmapCost alone = measure("u74", "targeted", 16, 1, 8);

        assertThat(alone.interrupts()).isZero();
        assertThat(alone).isEqualTo(measure("u74", "targeted", 1, 1, 8));
        assertThat(measure("u74", "broadcast", 16, 1, 8).interrupts()).isEqualTo(15);
    }

    @Test
    void broadcastGrowsLinearlyWithTheHarts() throws UserErrorException {
        long two = measure("u74", "broadcast", 2, 2, 1).latencyCycles();
        long each = measure("u74", "broadcast", 3, 3, 1).latencyCycles() - two;

        assertThat(each).isPositive();
        for (int harts : new int[] {4, 8, 16}) {
            assertThat(measure("u74", "broadcast", harts, harts, 1).latencyCycles())
                    .as(harts + " harts")
                    .isCloseTo(two + each * (harts - 2), withinPercentage(1));
        }
    }

    /** 33 pages on x86, 64 on RISC-V. */
    @ParameterizedTest
    @CsvSource({"skylake, 33", "u74, 64"})
    void thereIsAKinkBeyondTheProfilesCeilingAndNoneBefore(String profile, int ceiling) throws UserErrorException {
        long each = latency(profile, ceiling) - latency(profile, ceiling - 1);

        assertThat(each).isPositive();
        assertThat(latency(profile, ceiling - 1) - latency(profile, ceiling - 2))
                .isCloseTo(each, withinPercentage(1));
        assertThat(latency(profile, ceiling + 1)).isLessThan(latency(profile, ceiling));
    }

    private long latency(String profile, int pages) throws UserErrorException {
        return measure(profile, "targeted", 4, 4, pages).latencyCycles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"latr", "early-ack"})
    void aRelaxedPolicyWaitsLessThanTargeted(String policy) throws UserErrorException {
        MunmapCost targeted = measure("u74", "targeted", 8, 8, 32);
        MunmapCost relaxed = measure("u74", policy, 8, 8, 32);

        assertThat(relaxed.waitCycles()).isLessThan(targeted.waitCycles());
        assertThat(relaxed.latencyCycles()).isLessThan(targeted.latencyCycles());
    }

    @Test
    void aMachineThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> measure("nosuch", "targeted", 1, 1, 1))
                .isInstanceOf(UserErrorException.class)
                .hasMessageContaining("nosuch");
    }
}
