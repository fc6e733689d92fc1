package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.bench.engine.EngineKernel;
import dev.pagewalk.tools.bench.engine.EngineTrial;
import dev.pagewalk.tools.bench.engine.HostSpeedMeter;
import dev.pagewalk.tools.bench.engine.Peer;
import dev.pagewalk.tools.bench.engine.SpeedSample;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One sample of {@code bench engines}, in a JVM that has done nothing else: prints it for the JVM that has started this one. */
@Command(name = "engine-trial", hidden = true, description = "What 'bench engines' starts; prints one sample.")
final class BenchEngineTrialCommand implements Callable<Integer> {
    @Option(names = "--kernel", description = "which kernel")
    String kernel;

    @Option(names = "--harts", description = "or how many busy harts")
    int harts;

    @Option(names = "--engine", required = true, description = "on which engine, or 'host'")
    String engine;

    @Option(names = "--profile", required = true, description = "timing profile")
    String profile;

    @Option(names = "--seconds", required = true, description = "how long")
    double seconds;

    @Option(names = "--setup-instructions", description = "before the kernel's rounds, not measured")
    long setupInstructions;

    @Override
    public Integer call() throws UserErrorException {
        Peer peer = Peer.valueOf(engine.toUpperCase(Locale.ROOT));
        SpeedSample sample = kernel == null
                ? EngineTrial.ofHarts(harts, peer, profile, seconds)
                : EngineTrial.ofKernel(
                        EngineKernel.find(kernel).orElseThrow(), peer, profile, seconds, setupInstructions);
        System.out.println(HostSpeedMeter.write(sample));
        return 0;
    }
}
