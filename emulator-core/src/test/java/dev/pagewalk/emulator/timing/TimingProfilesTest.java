package dev.pagewalk.emulator.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.pagewalk.emulator.isa.InstructionClass;
import dev.pagewalk.mmu.MmuParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimingProfilesTest {
    static Iterable<TimingProfile> profiles() {
        return TimingProfiles.list();
    }

    @Test
    void theIndexNamesTheProfilesOfTheDesignInOrder() {
        assertThat(TimingProfiles.names())
                .containsExactly("ideal", "rocket", "u74", "p550", "skylake", "neoverse-n1", "thunderx2");
    }

    @Test
    void everyListedProfileCarriesItsOwnName() {
        assertThat(TimingProfiles.list()).extracting(TimingProfile::name).isEqualTo(TimingProfiles.names());
    }

    @Test
    void theDefaultProfileExists() {
        assertThat(TimingProfiles.find(TimingProfiles.DEFAULT_NAME).name()).isEqualTo("u74");
    }

    @ParameterizedTest
    @ValueSource(strings = {"z80", "", "index", "../timing/u74"})
    void anUnknownNameIsAnErrorThatNamesTheKnownOnes(String name) {
        assertThatThrownBy(() -> TimingProfiles.find(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no timing profile '" + name
                        + "'; known are: ideal, rocket, u74, p550, skylake, neoverse-n1, thunderx2");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyFigureSaysWhereItComesFrom(TimingProfile profile) {
        assertThat(profile.figures()).isNotEmpty();
        assertThat(profile.figures())
                .allSatisfy(figure -> assertThat(figure.source())
                        .as(figure.key())
                        .matches("(\\[[VSR]] |estimate: |definition: ).{4,}"));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void figuresComeInTheOrderOfTheRecordsAndEachOnce(TimingProfile profile) {
        assertThat(profile.figures()).extracting(TimingProfile.Figure::key).doesNotHaveDuplicates();
        assertThat(profile.figures())
                .extracting(TimingProfile.Figure::key)
                .startsWith("clockHz", "cyclesPerTimerTick", "instruction.alu")
                .containsSubsequence(
                        "instruction.divide",
                        "itlb.entries",
                        "dtlb.entries",
                        "l2tlb.entries",
                        "walkCache.entries",
                        "walk.pteReadCycles",
                        "kernel.trapEntryCycles",
                        "crossHart.quantumCycles");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void theQuantumNeverExceedsALatencyBetweenHarts(TimingProfile profile) {
        CrossHartCosts crossHart = profile.crossHart();
        assertThat(crossHart.quantumCycles())
                .isBetween(1, Math.min(crossHart.interruptLatencyCycles(), crossHart.wakeUpLatencyCycles()));
    }

    @ParameterizedTest
    @EnumSource(InstructionClass.class)
    void idealChargesOneCycleForEveryInstruction(InstructionClass instructionClass) {
        assertThat(TimingProfiles.find("ideal").instructions().cycles(instructionClass))
                .isEqualTo(1);
    }

    @Test
    void u74HasTheTlbsOfItsManual() {
        MmuParameters u74 = TimingProfiles.find("u74").translation();
        assertThat(u74.l1Instruction().entries()).isEqualTo(40);
        assertThat(u74.l1Data().ways()).isEqualTo(40);
        assertThat(u74.l2().entries()).isEqualTo(512);
        assertThat(u74.l2().ways()).isEqualTo(1);
        assertThat(u74.hardwareUpdatesAccessedDirty()).isFalse();
    }

    @Test
    void rocketHasNoSecondLevelAndItsAddressFlushLeavesTables() {
        MmuParameters rocket = TimingProfiles.find("rocket").translation();
        assertThat(rocket.l2()).isNull();
        assertThat(rocket.walkCache().entries()).isEqualTo(8);
        assertThat(rocket.walkCache().addressFlushDropsTables()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ideal, 64",
        "rocket, 64",
        "u74, 64",
        "p550, 64",
        "skylake, 33",
        "neoverse-n1, 511",
        "thunderx2, 511",
    })
    void aRangeIsFlushedPageByPageUpToTheCeilingOfLinux(String name, int ceilingPages) {
        assertThat(TimingProfiles.find(name).kernel().rangeFlushCeilingPages()).isEqualTo(ceilingPages);
    }

    /**
     * Norov, linux-arm-kernel, 2017-12-19, on 112 CPUs: interrupting one other takes 110 units, all others 2106. So T(n) =
     * T(1) (1 + 0.165 (n - 1)), where each further target costs one more send. What is asked of the targets was nothing.
     */
    @Test
    void thunderx2InterruptsManyCoresAsMeasured() {
        CrossHartCosts costs = TimingProfiles.find("thunderx2").crossHart();
        double answer = costs.interruptLatencyCycles() + costs.interruptReceiveCycles();
        double one = costs.interruptSendCycles() + answer;
        double all = 111 * costs.interruptSendCycles() + answer;
        assertThat(costs.interruptSendCycles() / one).isCloseTo(0.165, within(0.001));
        assertThat(all / one).isCloseTo(2106.0 / 110, withinPercentage(1));
    }

    @Test
    void u74TimerTicksAtFourMegahertz() {
        assertThat(TimingProfiles.find("u74").timerHz()).isEqualTo(4_000_000);
    }
}
