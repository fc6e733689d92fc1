package dev.pagewalk.emulator;

import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * What is fixed when a machine is built.
 *
 * @param harts 1 to 64
 * @param ramBytes 64 KiB to 64 GiB, a multiple of 4096
 * @param pagingMode the depth of page tables
 * @param profile what everything costs
 * @param quantumCycles how far a hart may run ahead of the others: 1 to the profile's quantum
 */
public record MachineConfig(
        int harts, long ramBytes, PagingMode pagingMode, TimingProfile profile, long quantumCycles) {
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
        if (quantumCycles < 1 || quantumCycles > profile.crossHart().quantumCycles()) {
            throw new IllegalArgumentException(
                    "the quantum must be 1 to " + profile.crossHart().quantumCycles() + " cycles with profile "
                            + profile.name() + ", not " + quantumCycles);
        }
    }

    /** A machine whose quantum is its profile's. */
    public MachineConfig(int harts, long ramBytes, PagingMode pagingMode, TimingProfile profile) {
        this(harts, ramBytes, pagingMode, profile, profile.crossHart().quantumCycles());
    }
}
