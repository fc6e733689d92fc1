package dev.pagewalk.emulator.timing;

import dev.pagewalk.mmu.MmuParameters;
import java.util.List;

/**
 * What everything costs on one kind of machine: timing as data beside the functional model. Engines read the
 * instruction costs when they decode, the MMU its figures when it is built, the kernel its costs step by step; no code
 * holds a cycle constant of its own.
 *
 * <h2>What the figures mean</h2>
 *
 * The machine is cycle-approximate: an instruction adds its class's cycles to its hart's clock, then what its
 * translations and device accesses cost. There is no pipeline, no data cache and no branch predictor, so a class's
 * figure is what such an instruction adds to the clock of ordinary compiled code. For an in-order core that is close to
 * the manual's latency less what compilers hide; for an out-of-order core it is a throughput, rounded up to a whole
 * cycle. Comparisons within a profile (policies, TLB sizes, fork strategies) mean more than comparisons across profiles,
 * and those more than seconds.
 *
 * <h2>Files</h2>
 *
 * A profile is a file {@code NAME.properties} beside this class, listed in {@code index}. Each {@code KEY} has a
 * {@code KEY.source}: a citation, marked {@code [V]} where it was read in a primary text or source code, {@code [S]} for
 * a secondary source and {@code [R]} where it is recalled and unverified; {@code definition:} where a figure follows from
 * what the profile is for; or {@code estimate:} with the reasoning. Only {@code description} and {@code slow} have none. The
 * loader refuses unknown and missing keys and missing sources. {@code l2tlb.entries=0} and
 * {@code walkCache.entries=0} say that the core has none; the part's other keys are then left out.
 *
 * @param name what {@code --profile} takes
 * @param description one line
 * @param clockHz cycles per simulated second, 1..10^11
 * @param cyclesPerTimerTick the {@code time} CSR and mtime are cycle / this, 1..10^6
 * @param slow true where a latency between harts is below {@link CrossHartCosts#FAST_LATENCY_CYCLES}, so that slices are
 *     short
 * @param figures every figure with its source, in file order by part; for display only
 */
public record TimingProfile(
        String name,
        String description,
        long clockHz,
        int cyclesPerTimerTick,
        boolean slow,
        InstructionCosts instructions,
        MmuParameters translation,
        KernelCosts kernel,
        CrossHartCosts crossHart,
        List<Figure> figures) {
    public TimingProfile {
        figures = List.copyOf(figures);
        Checks.range("clockHz", clockHz, 1, 100_000_000_000L);
        Checks.range("cyclesPerTimerTick", cyclesPerTimerTick, 1, Checks.MAX_CYCLES);
        Checks.require(
                slow || crossHart.longestQuantumCycles() >= CrossHartCosts.FAST_LATENCY_CYCLES,
                "crossHart latencies must be at least " + CrossHartCosts.FAST_LATENCY_CYCLES
                        + " cycles, or the profile must say slow=true");
    }

    /** The ticks of the timer per simulated second, rounded down. */
    public long timerHz() {
        return clockHz / cyclesPerTimerTick;
    }

    /**
     * One figure of a profile and where it comes from.
     *
     * @param key such as {@code dtlb.entries}
     * @param value as the file writes it
     * @param source a citation, or {@code estimate:} with its reasoning
     */
    public record Figure(String key, String value, String source) {
        /** Whether the figure is an estimate and not a cited one. */
        public boolean isEstimate() {
            return source.startsWith(ESTIMATE_PREFIX);
        }
    }

    static final String ESTIMATE_PREFIX = "estimate:";
}
