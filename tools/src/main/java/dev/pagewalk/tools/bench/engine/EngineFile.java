package dev.pagewalk.tools.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.tools.metrics.StatisticsFile;
import java.util.Map;

/** A study's results for programs, as JSON. */
public final class EngineFile {
    private static final int FORMAT = 1;
    private static final ObjectMapper MAPPER =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    private EngineFile() {}

    /**
     * @param versions of programs of others, by peer
     */
    public static String text(EngineResults results, Map<Peer, String> versions) {
        EngineStudy study = results.study();
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT);
        root.put("profile", study.profile());
        root.put("seconds", study.seconds());
        root.put("repeats", study.repeats());
        ObjectNode host = root.putObject("host");
        host.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        host.put("processors", Runtime.getRuntime().availableProcessors());
        versions.forEach((peer, version) -> host.put(key(peer), version));
        ArrayNode kernels = root.putArray("kernels");
        results.kernels().forEach((kernel, result) -> kernels.add(kernel(results, kernel, result)));
        ObjectNode means = root.putObject("geometric_mean_ratios");
        results.others().forEach(other -> results.meanRatio(other).ifPresent(mean -> means.put(key(other), mean)));
        if (!results.harts().isEmpty()) {
            ObjectNode harts = root.putObject("busy_harts");
            harts.put("harts", study.harts());
            results.harts().forEach((engine, result) -> {
                ObjectNode node = harts.putObject(key(engine));
                node.set("one", MAPPER.valueToTree(result.one()));
                node.set("many", MAPPER.valueToTree(result.many()));
                node.put("ratio", result.ratio());
            });
        }
        return StatisticsFile.text(root);
    }

    private static ObjectNode kernel(EngineResults results, EngineKernel kernel, KernelResult result) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("kernel", kernel.title());
        node.set("count", MAPPER.valueToTree(result.count()));
        ObjectNode peers = node.putObject("peers");
        result.samples().forEach((peer, samples) -> {
            ObjectNode peerNode = peers.putObject(key(peer));
            peerNode.put("mips", result.median(peer).mips());
            peerNode.set("samples", MAPPER.valueToTree(samples));
        });
        ObjectNode ratios = node.putObject("ratios");
        for (Peer other : result.samples().keySet()) {
            if (!other.equals(results.ours().orElse(null))) {
                results.ratio(kernel, other).ifPresent(ratio -> ratios.put(key(other), ratio));
            }
        }
        return node;
    }

    private static String key(Peer peer) {
        return peer.title().replace('-', '_');
    }
}
