package dev.pagewalk.tools.bench.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a study has measured.
 *
 * @param study what was asked for
 * @param kernels in the study's order
 * @param harts by engine; empty where that was not asked for
 */
public record EngineResults(EngineStudy study, Map<EngineKernel, KernelResult> kernels, Map<Peer, HartsResult> harts) {
    /** The engine that is compared with all others: the first one of the study. */
    Optional<Peer> ours() {
        return study.peers().stream().filter(Peer::isEngine).findFirst();
    }

    /** What it is compared with. */
    List<Peer> others() {
        return study.peers().stream()
                .filter(peer -> !peer.equals(ours().orElse(null)))
                .toList();
    }

    List<EngineKernel> computing() {
        return kernels.keySet().stream().filter(kernel -> !kernel.isStorm()).toList();
    }

    List<EngineKernel> storms() {
        return kernels.keySet().stream().filter(EngineKernel::isStorm).toList();
    }

    /** How many times as fast ours is. */
    OptionalDouble ratio(EngineKernel kernel, Peer other) {
        KernelResult result = kernels.get(kernel);
        if (ours().isEmpty() || !result.has(ours().get()) || !result.has(other)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                result.median(ours().get()).mips() / result.median(other).mips());
    }

    /** The geometric mean of the ratios of all kernels that only compute. */
    OptionalDouble meanRatio(Peer other) {
        return computing().stream()
                .map(kernel -> ratio(kernel, other))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(ratio -> Math.log(ratio.getAsDouble()))
                .average()
                .stream()
                .map(Math::exp)
                .findFirst();
    }

    /** Of a peer over all kernels that only compute; empty where it ran none. */
    OptionalDouble meanMips(Peer peer) {
        return computing().stream()
                .map(kernels::get)
                .filter(result -> result.has(peer))
                .mapToDouble(result -> Math.log(result.median(peer).mips()))
                .average()
                .stream()
                .map(Math::exp)
                .findFirst();
    }
}
