package dev.pagewalk.emulator.timing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.OptionalLong;

/**
 * The figures that decide in which order harts meet: how far one may run ahead, and how long a message to another takes.
 * The machine's loop asks it before every slice, the interrupt controller and the kernel for every message.
 *
 * <p>Without a seed the figures are the machine's, always the same. With one they vary as on hardware, where no two
 * messages take equally long: a slice's quantum is 1 to the machine's, and a latency is the profile's and up to a quantum
 * more. So nothing arrives earlier than the quantum allows (design, section 4, point 4). Everything is drawn in the order of
 * simulated time, so one seed is one interleaving.
 */
public final class Interleaving implements Snapshotable {
    /** SplitMix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, figure 16. */
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private final CrossHartCosts costs;
    private final long longestQuantumCycles;
    private final boolean varies;
    private long state;

    /**
     * @param quantumCycles 1 to {@link CrossHartCosts#longestQuantumCycles()}
     * @param seed empty for figures that do not vary
     */
    public Interleaving(CrossHartCosts costs, long quantumCycles, OptionalLong seed) {
        this.costs = costs;
        this.longestQuantumCycles = quantumCycles;
        this.varies = seed.isPresent();
        this.state = seed.orElse(0);
    }

    /** How far the hart whose slice begins may run ahead of the others: at least 1. */
    public long quantumCycles() {
        return varies ? 1 + draw(longestQuantumCycles) : longestQuantumCycles;
    }

    /** From sending an inter-processor interrupt, now, to its line being pending at the target. */
    public long interruptLatencyCycles() {
        return costs.interruptLatencyCycles() + delayCycles();
    }

    /** From waking a task on an idle hart, now, to that hart's first step. */
    public long wakeUpLatencyCycles() {
        return costs.wakeUpLatencyCycles() + delayCycles();
    }

    private long delayCycles() {
        return varies ? draw(longestQuantumCycles + 1) : 0;
    }

    /** A number from 0 to {@code bound} - 1; that it is not quite even does not matter for bounds this small. */
    private long draw(long bound) {
        state += GOLDEN_GAMMA;
        long mixed = state;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return Long.remainderUnsigned(mixed ^ mixed >>> 31, bound);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(state);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        state = in.readLong();
    }
}
