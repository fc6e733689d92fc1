package dev.pagewalk.emulator.timing;

/**
 * How harts reach each other, and the quantum that follows from it.
 *
 * @param interruptSendCycles what sending one inter-processor interrupt costs the sender, per target
 * @param interruptLatencyCycles from sending to the line being pending at the target
 * @param interruptReceiveCycles what taking the interrupt costs the target, without the flush it asks for
 * @param wakeUpLatencyCycles from waking a task on an idle hart to its first instruction
 * @param quantumCycles how far one hart may run ahead of another; at least 1 and never longer than either latency, so
 *     that no message arrives in the past
 * @param hardwareBroadcastCycles one invalidation that the hardware broadcasts to all harts, its barrier included, when
 *     no other hart issues one
 * @param hardwareBroadcastContentionCycles what each other hart that is issuing one at that time adds to it
 */
public record CrossHartCosts(
        int interruptSendCycles,
        int interruptLatencyCycles,
        int interruptReceiveCycles,
        int wakeUpLatencyCycles,
        int quantumCycles,
        int hardwareBroadcastCycles,
        int hardwareBroadcastContentionCycles) {
    /** Below it slices are so short that a run is slow: a profile has to say so. */
    public static final int FAST_LATENCY_CYCLES = 1500;

    public CrossHartCosts {
        Checks.cycles("crossHart.interruptSendCycles", interruptSendCycles);
        Checks.range("crossHart.interruptLatencyCycles", interruptLatencyCycles, 1, Checks.MAX_CYCLES);
        Checks.cycles("crossHart.interruptReceiveCycles", interruptReceiveCycles);
        Checks.range("crossHart.wakeUpLatencyCycles", wakeUpLatencyCycles, 1, Checks.MAX_CYCLES);
        Checks.range(
                "crossHart.quantumCycles",
                quantumCycles,
                1,
                longestQuantumCycles(interruptLatencyCycles, wakeUpLatencyCycles));
        Checks.cycles("crossHart.hardwareBroadcastCycles", hardwareBroadcastCycles);
        Checks.cycles("crossHart.hardwareBroadcastContentionCycles", hardwareBroadcastContentionCycles);
    }

    /** The longest quantum that these latencies allow, for whoever offers to change it. */
    public int longestQuantumCycles() {
        return longestQuantumCycles(interruptLatencyCycles, wakeUpLatencyCycles);
    }

    private static int longestQuantumCycles(int interruptLatencyCycles, int wakeUpLatencyCycles) {
        return Math.min(interruptLatencyCycles, wakeUpLatencyCycles);
    }
}
