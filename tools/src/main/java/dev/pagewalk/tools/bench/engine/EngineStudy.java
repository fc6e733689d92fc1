package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which kernels are measured on which peers. The peers take turns, so that whatever else the host does is everybody's.
 *
 * @param kernels in the order of the tables
 * @param peers likewise; the first engine among them is compared with the others
 * @param profile the timing profile of ours
 * @param seconds a sample's, about
 * @param repeats samples of each; the median counts
 * @param harts so many are compared with one; 0 for no such comparison
 */
public record EngineStudy(
        List<EngineKernel> kernels, List<Peer> peers, String profile, double seconds, int repeats, int harts) {
    /** Told what comes next. */
    public interface Progress {
        void beginning(String what, int done, int all);
    }

    public EngineStudy {
        kernels = List.copyOf(kernels);
        peers = List.copyOf(peers);
    }

    /** Measures everything. */
    public EngineResults run(SpeedMeter meter, Progress progress) throws UserErrorException {
        int all = kernels.stream().mapToInt(kernel -> peersOf(kernel).size()).sum() * repeats;
        List<Peer> engines = peers.stream().filter(Peer::isEngine).toList();
        int hartSamples = harts == 0 ? 0 : engines.size() * repeats * 2;
        all += hartSamples;
        int done = 0;
        Map<EngineKernel, KernelResult> results = new LinkedHashMap<>();
        for (EngineKernel kernel : kernels) {
            progress.beginning(kernel.title(), done, all);
            RoundCount count = meter.count(kernel);
            requireSameOutput(meter, kernel, count);
            Map<Peer, List<SpeedSample>> samples = new EnumMap<>(Peer.class);
            for (int repeat = 0; repeat < repeats; repeat++) {
                for (Peer peer : peersOf(kernel)) {
                    progress.beginning(kernel.title() + ", " + peer.title(), done++, all);
                    samples.computeIfAbsent(peer, key -> new ArrayList<>()).add(meter.measure(kernel, peer, count));
                }
            }
            results.put(kernel, new KernelResult(count, samples));
        }
        Map<Peer, HartsResult> hartResults = new EnumMap<>(Peer.class);
        if (harts > 0) {
            for (Peer engine : engines) {
                List<SpeedSample> one = new ArrayList<>();
                List<SpeedSample> many = new ArrayList<>();
                for (int repeat = 0; repeat < repeats; repeat++) {
                    progress.beginning("1 busy hart, " + engine.title(), done++, all);
                    one.add(meter.measureHarts(1, engine));
                    progress.beginning(harts + " busy harts, " + engine.title(), done++, all);
                    many.add(meter.measureHarts(harts, engine));
                }
                hartResults.put(engine, new HartsResult(KernelResult.median(one), KernelResult.median(many)));
            }
        }
        return new EngineResults(this, results, hartResults);
    }

    /** In the study's order; for the chase also the host itself. */
    private List<Peer> peersOf(EngineKernel kernel) {
        List<Peer> those =
                new ArrayList<>(peers.stream().filter(peer -> peer.runs(kernel)).toList());
        if (Peer.HOST.runs(kernel)) {
            those.add(Peer.HOST);
        }
        return those;
    }

    private void requireSameOutput(SpeedMeter meter, EngineKernel kernel, RoundCount count) throws UserErrorException {
        for (Peer peer : peersOf(kernel)) {
            if (peer == Peer.HOST) {
                continue;
            }
            String output = meter.output(kernel, peer, count.checkedRounds());
            if (!output.equals(count.output())) {
                throw new UserErrorException(
                        ExitStatus.USAGE,
                        kernel.title() + ", " + count.checkedRounds() + " rounds: " + peer.title() + " prints '"
                                + output.strip() + "', not '" + count.output().strip() + "'");
            }
        }
    }
}
