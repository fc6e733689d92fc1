package dev.pagewalk.emulator.testing;

import dev.pagewalk.emulator.timing.CrossHartCosts;
import dev.pagewalk.emulator.timing.InstructionCosts;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCacheParameters;

/** Profiles that no machine has: to tell figures apart, and to make a short run evict often. */
public final class TestProfiles {
    private static final TimingProfile BASE = TimingProfiles.find("u74");

    private TestProfiles() {}

    /** Every instruction class has a price of its own. */
    public static TimingProfile distinctCosts() {
        return with(
                "distinct",
                new InstructionCosts(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 1000, 5000),
                BASE.translation(),
                BASE.crossHart());
    }

    /** TLBs of a few entries, and A and D set by hardware. */
    public static TimingProfile tiny(ReplacementPolicy policy) {
        return with(
                "tiny-" + policy,
                BASE.instructions(),
                new MmuParameters(
                        TlbGeometry.fullyAssociative(2, 0, policy),
                        new TlbGeometry(6, 3, 0, policy),
                        new TlbGeometry(16, 4, 5, policy),
                        new WalkCacheParameters(4, policy, 1, true),
                        11,
                        13,
                        true),
                BASE.crossHart());
    }

    /** As {@link #tiny}, with faults where A or D is to be set. */
    public static TimingProfile tinyWithFaultsForAccessedAndDirty(ReplacementPolicy policy) {
        MmuParameters tiny = tiny(policy).translation();
        return with(
                "tiny-faulting-" + policy,
                BASE.instructions(),
                new MmuParameters(
                        tiny.l1Instruction(),
                        tiny.l1Data(),
                        tiny.l2(),
                        tiny.walkCache(),
                        tiny.pteReadCycles(),
                        tiny.pteUpdateCycles(),
                        false),
                BASE.crossHart());
    }

    /** Every instruction costs as much as it may. */
    public static TimingProfile slowest() {
        int most = InstructionCosts.MAX_CLASS_CYCLES;
        return with(
                "slowest",
                new InstructionCosts(
                        most, most, most, most, most, most, most, most, most, most, most, 1_000_000, 1_000_000),
                BASE.translation(),
                BASE.crossHart());
    }

    /** As {@link #tiny}, with a single instruction entry. */
    public static TimingProfile oneInstructionEntry() {
        MmuParameters tiny = tiny(ReplacementPolicy.LRU).translation();
        return with(
                "one-entry",
                BASE.instructions(),
                new MmuParameters(
                        TlbGeometry.fullyAssociative(1, 0, ReplacementPolicy.LRU),
                        tiny.l1Data(),
                        null,
                        WalkCacheParameters.NONE,
                        tiny.pteReadCycles(),
                        tiny.pteUpdateCycles(),
                        true),
                BASE.crossHart());
    }

    private static TimingProfile with(
            String name, InstructionCosts instructions, MmuParameters translation, CrossHartCosts crossHart) {
        return new TimingProfile(
                name,
                "for tests",
                BASE.clockHz(),
                BASE.cyclesPerTimerTick(),
                false,
                instructions,
                translation,
                BASE.kernel(),
                crossHart,
                BASE.figures());
    }
}
