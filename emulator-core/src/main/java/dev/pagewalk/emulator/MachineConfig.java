package dev.pagewalk.emulator;

import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.OptionalLong;

/**
 * What is fixed when a machine is built.
 *
 * @param harts 1 to 64
 * @param ramBytes 64 KiB to 64 GiB, a multiple of 4096
 * @param pagingMode the depth of page tables
 * @param profile what everything costs
 * @param quantumCycles how far a hart may run ahead of the others: 1 to the longest that the profile's latencies allow
 * @param seed varies quanta and latencies as {@link dev.pagewalk.emulator.timing.Interleaving} says; empty for none
 */
public record MachineConfig(
        int harts, long ramBytes, PagingMode pagingMode, TimingProfile profile, long quantumCycles, OptionalLong seed) {
    public static final int MAX_HARTS = 64;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException with a line that says what would be right
     */
    public MachineConfig {
        if (harts < 1 || harts > MAX_HARTS) {
            throw new IllegalArgumentException("harts must be 1 to " + MAX_HARTS + ", not " + harts);
        }
        int longestQuantumCycles = profile.crossHart().longestQuantumCycles();
        if (quantumCycles < 1 || quantumCycles > longestQuantumCycles) {
            throw new IllegalArgumentException("the quantum must be 1 to " + longestQuantumCycles
                    + " cycles with profile " + profile.name() + ", not " + quantumCycles);
        }
    }

    /** A machine whose quanta and latencies do not vary. */
    public MachineConfig(int harts, long ramBytes, PagingMode pagingMode, TimingProfile profile, long quantumCycles) {
        this(harts, ramBytes, pagingMode, profile, quantumCycles, OptionalLong.empty());
    }

    /** A machine whose quantum is its profile's. */
    public MachineConfig(int harts, long ramBytes, PagingMode pagingMode, TimingProfile profile) {
        this(harts, ramBytes, pagingMode, profile, profile.crossHart().quantumCycles());
    }
}
