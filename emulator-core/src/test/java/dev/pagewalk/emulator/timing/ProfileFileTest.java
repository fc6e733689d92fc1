package dev.pagewalk.emulator.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.emulator.timing.TimingProfile.Figure;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the loader makes of files; each is u74's with one thing changed. */
class ProfileFileTest {
    private String text;

    @BeforeEach
    void startFromU74() throws IOException {
        try (InputStream stream = TimingProfiles.class.getResourceAsStream("u74.properties")) {
            text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void figuresAreKeptAsTheFileWritesThem() throws IOException {
        replaceLine("dtlb.entries", "80");
        replaceLine("dtlb.entries.source", "estimate: twice as many");
        replaceLine("dtlb.ways", "80");

        TimingProfile profile = read();

        assertThat(profile.translation().l1Data().entries()).isEqualTo(80);
        Figure entries = figure(profile, "dtlb.entries");
        assertThat(entries).isEqualTo(new Figure("dtlb.entries", "80", "estimate: twice as many"));
        assertThat(entries.isEstimate()).isTrue();
        assertThat(figure(profile, "itlb.entries").isEstimate()).isFalse();
    }

    @Test
    void aCoreMayHaveNoSecondLevelAndNoWalkCache() throws IOException {
        replaceLine("l2tlb.entries", "0");
        removeLines("l2tlb.(ways|latencyCycles|replacement)");
        replaceLine("walkCache.entries", "0");
        removeLines("walkCache.(latencyCycles|replacement|addressFlushDropsTables)");

        MmuParameters translation = read().translation();

        assertThat(translation.l2()).isNull();
        assertThat(translation.walkCache()).isEqualTo(WalkCacheParameters.NONE);
    }

    @Test
    void keysOfAnAbsentPartAreRefused() {
        replaceLine("l2tlb.entries", "0");
        assertRefused("unknown key l2tlb.latencyCycles");
    }

    @ParameterizedTest
    @CsvSource({
        "description, missing key description",
        "slow, missing key slow",
        "clockHz, missing key clockHz",
        "kernel.trapEntryCycles, missing key kernel.trapEntryCycles",
        "itlb.replacement, missing key itlb.replacement",
        "itlb.replacement.source, missing key itlb.replacement.source",
        "crossHart.quantumCycles.source, missing key crossHart.quantumCycles.source",
    })
    void aMissingKeyIsNamed(String key, String message) {
        removeLines(key);
        assertRefused(message);
    }

    @Test
    void anUnknownKeyIsNamed() {
        text += "dtlb.colour=blue\n";
        assertRefused("unknown key dtlb.colour");
    }

    @Test
    void aKeyThatStandsTwiceIsNamed() {
        text += "dtlb.entries=41\n";
        assertRefused("key dtlb.entries stands twice");
    }

    @Test
    void anEstimateNeedsItsReasoning() {
        replaceLine("dtlb.entries.source", "estimate:");
        assertRefused("dtlb.entries.source says 'estimate:' without the reasoning");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dtlb.entries | many | dtlb.entries is 'many', but must be a whole number",
                "dtlb.entries | -1 | dtlb.entries is '-1', but must be a whole number",
                "dtlb.entries | 4294967336 | dtlb.entries is '4294967336', but must be a whole number",
                "dtlb.entries | 0 | dtlb: a TLB has 1 to 65536 entries, not 0",
                "dtlb.ways | 41 | dtlb: a TLB of 40 entries cannot have 41 ways: entries / ways must be a power of two",
                "dtlb.ways | 7 | dtlb: a TLB of 40 entries cannot have 7 ways: entries / ways must be a power of two",
                "dtlb.ways | 8 | dtlb: a TLB of 40 entries cannot have 8 ways: entries / ways must be a power of two",
                "dtlb.latencyCycles | 1"
                        + " | the L1 data TLB's latency must be 0, not 1 cycles: a hit is part of the instruction",
                "walkCache.entries | 1025 | walkCache: a page-walk cache has 0 to 1024 entries, not 1025",
                "dtlb.replacement | clock | dtlb.replacement is 'clock', but must be one of fifo, random, lru, tree-plru",
                "walk.hardwareUpdatesAccessedDirty | yes"
                        + " | walk.hardwareUpdatesAccessedDirty is 'yes', but must be true or false",
                "instruction.alu | 0 | instruction.alu is 0, but must be 1 to 127",
                "instruction.divide | 128 | instruction.divide is 128, but must be 1 to 127",
                "kernel.copyBytesPerCycle | 0 | kernel.copyBytesPerCycle is 0, but must be 1 to 1048576",
                "kernel.rangeFlushCeilingPages | 0 | kernel.rangeFlushCeilingPages is 0, but must be 1 to 1048576",
                "crossHart.quantumCycles | 1501 | crossHart.quantumCycles is 1501, but must be 1 to 1500",
                "crossHart.quantumCycles | 0 | crossHart.quantumCycles is 0, but must be 1 to 1500",
                "clockHz | 0 | clockHz is 0, but must be 1 to 100000000000",
                "cyclesPerTimerTick | 0 | cyclesPerTimerTick is 0, but must be 1 to 1000000",
            })
    void aValueOutOfRangeIsNamedWithItsRange(String key, String value, String message) {
        replaceLine(key, value);
        assertRefused(message);
    }

    @ParameterizedTest
    @CsvSource({"crossHart.interruptLatencyCycles", "crossHart.wakeUpLatencyCycles"})
    void aShortLatencyBetweenHartsMustBeDeclaredSlow(String latency) throws IOException {
        replaceLine(latency, "100");
        replaceLine("crossHart.quantumCycles", "100");
        assertRefused("crossHart latencies must be at least 1500 cycles, or the profile must say slow=true");

        replaceLine("slow", "true");
        assertThat(read().slow()).isTrue();
    }

    @Test
    void bytesPerCycleRoundUpToWholeCycles() throws IOException {
        replaceLine("kernel.zeroBytesPerCycle", "16");
        replaceLine("kernel.copyBytesPerCycle", "3");

        KernelCosts kernel = read().kernel();

        assertThat(kernel.zeroCycles(4096)).isEqualTo(256);
        assertThat(kernel.zeroCycles(0)).isZero();
        assertThat(kernel.copyCycles(1)).isEqualTo(1);
        assertThat(kernel.copyCycles(7)).isEqualTo(3);
    }

    private TimingProfile read() throws IOException {
        return ProfileFile.read("changed", new StringReader(text));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("changed.properties: " + message);
    }

    private static Figure figure(TimingProfile profile, String key) {
        return profile.figures().stream()
                .filter(figure -> figure.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private void replaceLine(String key, String value) {
        String changed = text.replaceAll("(?m)^" + key.replace(".", "\\.") + "=.*$", key + "=" + value);
        assertThat(changed).as("line of " + key).isNotEqualTo(text);
        text = changed;
    }

    /** Removes the keys and, where the expression names no source, their sources. */
    private void removeLines(String keys) {
        String changed = text.replaceAll("(?m)^" + keys.replace(".", "\\.") + "(\\.source)?=.*\\R", "");
        assertThat(changed).as("lines of " + keys).isNotEqualTo(text);
        text = changed;
    }
}
