package dev.pagewalk.tools.meters;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.shootdown.ShootdownStatistics;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.run.RunObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The counters of one run as meters.
 *
 * <p>The machine counts in plain longs on its own thread, which at each of its pauses puts an immutable copy of them here,
 * and has no more to do with it; a scrape, on its own thread, takes the latest copy and reads all of it. So a scrape never
 * sees a machine in motion, and its figures are as old as the last pause, a second of the host or so. A debugger that goes
 * back in time takes counters back too.
 */
public final class MachineMeters implements ScrapedMeters, RunObserver {
    private final String image;
    private final MachineConfig config;
    private final List<MeterRegistry> registries = new ArrayList<>();
    /** Those that the registries have. */
    private final Set<Series> registered = new HashSet<>();

    private volatile Map<Series, Long> latest = Map.of();
    /** What the scrape under way reads. */
    private volatile Map<Series, Long> shown = Map.of();

    /** @param image its name as the user gave it */
    public MachineMeters(String image, MachineConfig config) {
        this.image = image;
        this.config = config;
    }

    /** From the next scrape on the registry has a meter for each figure, new ones as they appear. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        registries.add(registry);
        registered.forEach(series -> register(series, registry));
    }

    /** Takes the figures of a machine that pauses; the machine's thread only. */
    @Override
    public void onPause(MachineAssembly assembly) {
        Map<Series, Long> figures = new HashMap<>();
        Figures.forEachByHart(new Statistics(assembly).sample(), figures::put);
        addFrames(assembly.kernel().frames(), figures);
        addProcesses(assembly.kernel().processes(), figures);
        ShootdownStatistics shootdowns = assembly.kernel().shootdowns().statistics();
        String wait = "The longest wait of an initiator for its acknowledgements";
        figures.put(Series.gauge("pagewalk.shootdown.longest.wait.cycles", wait), shootdowns.longestWaitCycles());
        addEngine(assembly.machine().engineReport(), figures);
        figures.put(info(assembly), 1L);
        latest = Collections.unmodifiableMap(figures);
    }

    @Override
    public synchronized void beforeScrape() {
        shown = latest;
        for (Series series : shown.keySet()) {
            if (registered.add(series)) {
                registries.forEach(registry -> register(series, registry));
            }
        }
    }

    private static void addFrames(FrameAllocator frames, Map<Series, Long> figures) {
        Series byState = Series.gauge("pagewalk.frames", "Frames of RAM by what they hold");
        figures.put(byState.with("state", "free"), (long) frames.freeFrames());
        for (FrameUse use : FrameUse.values()) {
            figures.put(byState.with("state", label(use)), (long) frames.inUse(use));
        }
    }

    private static void addProcesses(List<Process> processes, Map<Series, Long> figures) {
        long alive = processes.stream().filter(process -> !process.hasEnded()).count();
        figures.put(Series.gauge("pagewalk.processes.alive", "Processes that have not ended"), alive);
    }

    /** All reasons from the start, so that each is a series without gaps. */
    private static void addEngine(EngineReport engine, Map<Series, Long> figures) {
        String instructions = "Instructions executed in translated regions";
        figures.put(Series.counter("pagewalk.translated.instructions", instructions), engine.translatedInstructions());
        figures.put(Series.counter("pagewalk.regions.translated", "Regions of guest code translated"), (long)
                engine.translations());
        figures.put(Series.counter("pagewalk.regions.refused", "Times that hot code was not translated"), (long)
                engine.refusals());
        figures.put(Series.gauge("pagewalk.regions.live", "Translated regions that are there"), (long)
                engine.regions().size());
        figures.put(
                Series.gauge("pagewalk.regions.bytecode.bytes", "Bytecode of the regions that are there"),
                engine.bytecodeBytes());
        for (DropReason reason : DropReason.values()) {
            figures.put(
                    Series.counter("pagewalk.regions.dropped", "Regions let go", "reason", label(reason)),
                    engine.drops().getOrDefault(reason, 0L));
        }
        for (ExitReason reason : ExitReason.values()) {
            figures.put(
                    Series.counter("pagewalk.region.exits", "Times that regions were left", "reason", label(reason)),
                    engine.exits().getOrDefault(reason, 0L));
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Says in its labels what runs; its value is 1. */
    private Series info(MachineAssembly assembly) {
        return Series.gauge(
                "pagewalk.machine.info",
                "The machine and its guest",
                "image",
                image,
                "harts",
                Integer.toString(config.harts()),
                "ram_bytes",
                Long.toString(config.ramBytes()),
                "paging",
                label(config.pagingMode()),
                "profile",
                config.profile().name(),
                "engine",
                label(assembly.engine()),
                "shootdown",
                assembly.kernel().shootdownPolicy());
    }

    private void register(Series series, MeterRegistry registry) {
        series.register(registry, this, meters -> meters.shown.getOrDefault(series, 0L));
    }
}
