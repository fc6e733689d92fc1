package dev.pagewalk.tools.bench.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What was measured of a kernel.
 *
 * @param count what it executes
 * @param samples by peer, in the order in which they were taken
 */
public record KernelResult(RoundCount count, Map<Peer, List<SpeedSample>> samples) {
    boolean has(Peer peer) {
        return samples.containsKey(peer);
    }

    /** The one in the middle, by speed; of two the slower one. */
    SpeedSample median(Peer peer) {
        return median(samples.get(peer));
    }

    static SpeedSample median(List<SpeedSample> samples) {
        return samples.stream()
                .sorted(Comparator.comparingDouble(SpeedSample::mips))
                .toList()
                .get((samples.size() - 1) / 2);
    }
}
